/** Of the earlier systems. Proxies close what is silent for a minute. */
export const keepaliveMs = 30_000;
