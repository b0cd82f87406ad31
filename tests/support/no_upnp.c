/* Stands in for libgupnp-igd under Debian's simple-whip-client. That one is linked with libsoup 2, libnice brings
 * libsoup 3 by way of UPnP, and libsoup 3 ends every process that has both. No client of ours asks a router for ports. */

unsigned long gupnp_simple_igd_get_type(void) { return 0; }
void *gupnp_simple_igd_thread_new(void) { return 0; }
void gupnp_simple_igd_add_port(void) {}
void gupnp_simple_igd_remove_port_local(void) {}
