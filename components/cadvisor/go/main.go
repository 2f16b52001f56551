// cAdvisor's library as a program, for networks where its image cannot be had: the main package of the official one is in
// no Go module. It has those of the official flags that the container's command line and a comparison with the defaults
// need: https://github.com/google/cadvisor/blob/master/docs/runtime_options.md
package main

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"time"

	_ "github.com/google/cadvisor/container/docker/install"
	"github.com/google/cadvisor/lib/cache/memory"
	"github.com/google/cadvisor/lib/container"
	"github.com/google/cadvisor/lib/manager"
	"github.com/google/cadvisor/lib/metrics"
	"github.com/google/cadvisor/lib/model"
	"github.com/google/cadvisor/lib/utils/sysfs"
	"github.com/google/cadvisor/lib/version"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

const defaultPort = 8080

var (
	port            = flag.Int("port", defaultPort, "port to listen on")
	storageDuration = flag.Duration("storage_duration", 2*time.Minute, "how long to keep what was collected")
	storeLabels     = flag.Bool("store_container_labels", true, "whether all labels of a container are labels of its metrics")
	keptLabels      = flag.String("whitelisted_container_labels", "", "those that are where not all are, with commas")
	printVersion    = flag.Bool("version", false, "print the version and exit")
	enabled         container.MetricSet
	disabled        container.MetricSet
)

// What the official program leaves out by default.
const usuallyDisabled = "advtcp,cpu_topology,cpuset,hugetlb,memory_numa,process,referenced_memory,resctrl,sched,tcp,udp"

func main() {
	if err := disabled.Set(usuallyDisabled); err != nil {
		klog.Fatal(err)
	}
	flag.Var(&disabled, "disable_metrics", "kinds of metrics to leave out, with commas")
	flag.Var(&enabled, "enable_metrics", "kinds of metrics to have and no others, with commas")
	klog.InitFlags(nil)
	flag.Parse()
	if *printVersion {
		fmt.Printf("cAdvisor version %s\n", version.Info["version"])
		return
	}
	klog.Fatal(serve())
}

func serve() error {
	wanted := container.AllMetrics.Difference(disabled)
	if len(enabled) > 0 {
		wanted = enabled
	}
	cache := memory.New(*storageDuration, nil)
	containers, err := manager.New(cache, sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags, wanted, []string{""}, nil, "", 0)
	if err != nil {
		return err
	}
	if wanted.Has(container.OOMMetrics) {
		containers = withKills(containers)
	}
	if err := containers.Start(); err != nil {
		return err
	}
	latest := model.RequestOptions{IdType: model.TypeName, Count: 1, Recursive: true}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		metrics.NewPrometheusCollector(containers, labels(), wanted, clock.RealClock{}, latest),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	return http.ListenAndServe(fmt.Sprintf(":%d", *port), nil)
}

// Which labels of a container are labels of its metrics.
func labels() metrics.ContainerLabelsFunc {
	if *storeLabels {
		return metrics.DefaultContainerLabels
	}
	return metrics.BaseContainerLabels(strings.Split(*keptLabels, ","))
}
