package main

import (
	"sync"
	"time"

	"github.com/google/cadvisor/lib/manager"
	"github.com/google/cadvisor/lib/model"
	"github.com/google/cadvisor/utils/oomparser"
	"k8s.io/klog/v2"
)

// A manager that knows how often the kernel killed a process of a container for lack of memory: the library reads that from
// the kernel's log, and counts nothing.
type killCounter struct {
	manager.Manager
	sync.Mutex
	// By the container's cgroup, which stays the same when it is started again.
	kills map[string]uint64
	// What was said of each container that there is.
	said map[string]count
}

// How often, as of when its other metrics were read: Prometheus refuses another value of the same time.
type count struct {
	of    time.Time
	kills uint64
}

func withKills(containers manager.Manager) manager.Manager {
	parser, err := oomparser.New()
	if err != nil {
		klog.Warningf("the kernel's log cannot be read, and container_oom_events_total stays 0: %v", err)
		return containers
	}
	counter := &killCounter{Manager: containers, kills: map[string]uint64{}}
	found := make(chan *oomparser.OomInstance)
	go parser.StreamOoms(found)
	go func() {
		for kill := range found {
			counter.Lock()
			counter.kills[kill.ContainerName]++
			counter.Unlock()
		}
	}()
	return counter
}

func (c *killCounter) GetRequestedContainersInfo(name string, options model.RequestOptions) (map[string]*model.ContainerInfo, error) {
	found, err := c.Manager.GetRequestedContainersInfo(name, options)
	c.Lock()
	defer c.Unlock()
	said := map[string]count{}
	for _, each := range found {
		for _, stats := range each.Stats {
			latest := c.said[each.Name]
			if stats.Timestamp.After(latest.of) {
				latest = count{stats.Timestamp, c.kills[each.Name]}
			}
			stats.OOMEvents = latest.kills
			said[each.Name] = latest
		}
	}
	c.said = said
	return found, err
}
