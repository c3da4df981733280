#!/bin/sh
# Prepares a daemon of a Ceph cluster before each of its starts: ceph.sh monitor|osd|gateway. Repeatable, whatever an aborted run has left.
# CLUSTER is the cluster's short folder: its sockets, and the link `data` to where everything is kept. CephCluster.cs sets the variables.
set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
cd "$CLUSTER/data"
# Exists once the store was healthy for the first time. What is there before never held anything.
complete=$CLUSTER/data/complete

write_configuration() {
  [ -s fsid ] || cat /proc/sys/kernel/random/uuid > fsid
  cat > ceph.conf << CONF
[global]
fsid = $(cat fsid)
run_dir = $CLUSTER
admin_socket = \$run_dir/\$name.asok
keyring = \$run_dir/data/keyring
mon_host = v2:127.0.0.1:$MONITOR_PORT
public_addr = 127.0.0.1
# Without it the OSD listens on every address for its peers.
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_port_min = $OSD_PORT_MIN
ms_bind_port_max = $OSD_PORT_MAX
# One disk, one copy: redundancy is the task of the disk.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 0
auth_allow_insecure_global_id_reclaim = false
# A restart after kill -9 would wait out the leases of the dead for 15-30 s.
osd_pool_default_read_lease_ratio = 0.05
osd_client_watch_timeout = 3
# A single monitor has no one to agree with: collecting proposals for a second each costs 10 s of the first start.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
# There is no manager, which is no error (seconds).
mon_mgr_mkfs_grace = 2147483647
mon_mgr_inactive_grace = 2147483647
# Errors go to standard error, which the host keeps; the rest is for those who debug Ceph.
log_to_file = false
log_to_stderr = false
err_to_stderr = true
mon_cluster_log_to_file = false
mon_cluster_log_to_stderr = false

[mon.a]
mon_data = \$run_dir/data/mon
public_addr = v2:127.0.0.1:$MONITOR_PORT

[osd.0]
osd_data = \$run_dir/data/osd
osd_objectstore = bluestore
# A name of its own: the machine's may change between two starts, and the data would be looked for elsewhere.
crush_location = root=default host=platform
bluestore_block_size = $DISK_BYTES
# The least that Ceph takes.
osd_memory_target = 939524096

[client.rgw]
rgw_data = \$run_dir/data/rgw
# tcp_nodelay: otherwise the body of a small answer waits 40 ms for the reader to confirm its headers.
rgw_frontends = beast endpoint=127.0.0.1:$GATEWAY_PORT tcp_nodelay=1
# More often than the OSD's watch timeout, or each watch would end and be renewed for ever, with an error.
objecter_tick_interval = 2
rgw_thread_pool_size = 128
rgw_dynamic_resharding = false
# What is deleted is free again after minutes, not hours.
rgw_gc_obj_min_wait = 300
rgw_gc_processor_period = 300
CONF
}

create_keyring() {
  ceph-authtool keyring --create-keyring --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  ceph-authtool keyring --gen-key -n client.rgw --cap mon 'allow rwx' --cap osd 'allow rwx'
}

prepare_monitor() {
  [ -e "$complete" ] || rm -rf keyring mon osd rgw
  mkdir -p mon osd rgw
  write_configuration
  # The monitor knows itself by its address, which is another one when its port was taken.
  monmaptool --create --clobber --fsid "$(cat fsid)" --addv a "[v2:127.0.0.1:$MONITOR_PORT]" monmap
  if [ -e "$complete" ]; then
    ceph-mon -c ceph.conf -i a --inject-monmap monmap
  else
    create_keyring
    ceph-mon -c ceph.conf -i a --mkfs --monmap monmap --keyring keyring
  fi
}

prepare_osd() {
  rm -f "$CLUSTER/osd.0.asok"
  [ ! -e osd/ready ] || return 0
  id=$(cat /proc/sys/kernel/random/uuid)
  ceph -c ceph.conf --connect-timeout 30 osd new "$id" 0 &
  ceph-osd -c ceph.conf -i 0 --mkfs --osd-uuid "$id"
  wait $!
}

# Like MinIO's root user, the platform's may read every bucket, so that a copy from a customer's bucket stays inside the store; the worker
# asks with the customer's key first. A start with another key adds that one.
prepare_gateway() {
  # Before the OSD is active, the gateway would start from a stale map and wait 15 s for a new one.
  until ceph --admin-daemon "$CLUSTER/osd.0.asok" status 2> /dev/null | grep -q '"state": "active"'; do sleep 0.2; done
  hash=$(printf '%s:%s' "$ACCESS_KEY" "$SECRET_KEY" | sha256sum)
  [ "$(cat rgw/known-key 2> /dev/null)" != "$hash" ] || return 0
  # Everybody may read a command line, and nobody else a variable. The output shows the key.
  export CEPH_ARGS="--secret-key $SECRET_KEY"
  admin="radosgw-admin -c ceph.conf -n client.rgw"
  $admin user create --admin --display-name platform --uid platform --access-key "$ACCESS_KEY" > /dev/null ||
    $admin key create --uid platform --access-key "$ACCESS_KEY" > /dev/null
  echo "$hash" > rgw/known-key
}

umask 077
"prepare_$1"
