import { keysOf } from "../../config/schema/upstream";

/** What Alertmanager reads and cannot be declared here. Source: https://prometheus.io/docs/alerting/latest/configuration/, of 0.34 */

const alertmanager = keysOf("Alertmanager");

export const upstreamAlertmanager = alertmanager(`
    global route inhibit_rules templates mute_time_intervals time_intervals tracing event_recorder group_by resolve_timeout`);

export const upstreamReceiver = alertmanager(`
    labels discord_configs incidentio_configs opsgenie_configs wechat_configs pushover_configs victorops_configs sns_configs
    telegram_configs webex_configs msteams_configs msteamsv2_configs jira_configs rocketchat_configs mattermost_configs`);

export const upstreamRoute = alertmanager(`
    group_by match match_re matchers mute_time_intervals active_time_intervals routes group_wait group_interval`);

export const upstreamEmail = alertmanager(`
    send_resolved auth_secret auth_secret_file auth_identity headers html text tls_config threading`);

export const upstreamSlack = alertmanager(`
    send_resolved http_config app_token app_token_file app_url username color title title_link pretext text message_text fields
    short_fields footer fallback callback_id icon_emoji icon_url image_url thumb_url link_names mrkdwn_in actions update_message
    timeout`);

export const upstreamPagerduty = alertmanager(`
    send_resolved http_config service_key service_key_file url client client_url description details severity class component
    group images links source timeout`);

export const upstreamWebhook = alertmanager("send_resolved http_config timeout payload");
