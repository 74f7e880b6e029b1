# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where numbers and UUIDs stand, by the ends of their paths; libvirt's schema says so.

A test compares the lists with the schema that is installed.
"""

from __future__ import annotations

from ..rows import Spelled
from ..spelling import (
    any_spelling,
    decimal,
    dotted,
    integer,
    ip_address,
    same_by,
    same_hexadecimal,
    same_number,
    uuid,
)

#: Where the schema takes numbers alone, or numbers and words.
NUMBERS = (
    "{,product,tag,vendor}/@id",
    "{acpi,backingStore}/@index",
    "address/@{base,bus,controller,cssid,device,devno,domain,function,iobase,"
    "irq,reg,slot,ssid,target,unit}",
    "allocation/@threads",
    "audio/@{dspPolicy,id,timerPeriod}",
    "bandwidth/@{cache,classID,initiator,target,value}",
    "bios/@rebootTimeout",
    "blockio/@{logical_block_size,physical_block_size}",
    "boot/@order",
    "{bootmenu,reconnect}/@timeout",
    "cache/@{id,level,size}",
    "catchup/@{limit,slew,threshold}",
    "cell/@{id,memory}",
    "cid/@address",
    "{cipher,dirty-ring,mtu,page,readahead,thread_pool}/@size",
    "clock/@{adjustment,start}",
    "controller/@{index,maxEventChannels,maxGrantFrames,ports,vectors}",
    "defaultiothread/@{thread_pool_max,thread_pool_min}",
    "driver/@{aw_bits,cmd_per_lun,iothread,max_sectors,queue,queue_size,queues,"
    "rx_queue_size,tx_queue_size}",
    "{emulatorsched,iothreadsched,vcpusched}/@priority",
    "frames/@max",
    "geometry/@{cyls,heads,secs}",
    "{gid,uid}/@{count,start,target}",
    "host/@port",
    "{inbound,outbound}/@{average,burst,floor,peak}",
    "{input,output}/@{bufferCount,bufferLength,latency,voices}",
    "iothread/@{id,thread_pool_max,thread_pool_min}",
    "iothreadpin/@iothread",
    "latency/@{cache,initiator,target,value}",
    "{line,size}/@value",
    "maxMemory/@slots",
    "maxphysaddr/@bits",
    "memnode/@cellid",
    "model/@{heads,ram,vgamem,vram,vram64}",
    "monitor/@level",
    "msi/@vectors",
    "node/@{bandwidth,id}",
    "parameters/@{managerid,typeid,typeidversion}",
    "parentaddr/@unique_id",
    "rate/@{bytes,period}",
    "resolution/@{x,y}",
    "route/@metric",
    "settings/@{channels,frequency}",
    "sibling/@{id,value}",
    "slice/@{offset,size}",
    "{ip,route}/@prefix",
    "graphics/@{port,tlsPort,websocket}",
    "range/@{start,end,to}",
    "local/@port",
    "source/@{connectionid,index,namespace,port,usage}",
    "spinlocks/@retries",
    "stats/@period",
    "target/@{busNr,chassis,chassisNr,index,offset,port,rotation_rate}",
    "timeout/@seconds",
    "timer/@frequency",
    "topology/@{cores,dies,sockets,threads}",
    "usbdev/@{class,product,vendor}",
    "vcpu/@{current,id,order}",
    "vcpupin/@vcpu",
    "zpci/@{fid,uid}",
    "{alignsize,cbitpos,current,currentMemory,emulator_period,emulator_quota,"
    "global_period,global_quota,handle,hard_limit,iothread_period,iothread_quota,"
    "iothreads,maxMemory,max_size,maxpagesize,memory,min_guarantee,node,pagesize,"
    "pcihole64,period,policy,quota,read_bytes_sec,read_bytes_sec_max,"
    "read_bytes_sec_max_length,read_iops_sec,read_iops_sec_max,"
    "read_iops_sec_max_length,reducedPhysBits,requested,shares,size,size_iops_sec,"
    "sndbuf,soft_limit,space_hard_limit,space_soft_limit,swap_hard_limit,tb-cache,"
    "total_bytes_sec,total_bytes_sec_max,total_bytes_sec_max_length,total_iops_sec,"
    "total_iops_sec_max,total_iops_sec_max_length,tseg,vcpu,weight,write_bytes_sec,"
    "write_bytes_sec_max,write_bytes_sec_max_length,write_iops_sec,write_iops_sec_max,"
    "write_iops_sec_max_length}/text()",
)

#: The same of what libvirt 9.0 doesn't have.
NEWER_NUMBERS = (
    "backend/@{debug,queues}",
    "bin/@start",
    "blockio/@discard_granularity",
    "driver/@{oas,pciBus,ssidsize}",
    "maxphysaddr/@limit",
    "openfiles/@max",
    "poll/@{grow,max,shrink,weight}",
    "queue/@id",
    "reconnect/@delay",
    "sound/@streams",
    "statistic/@interval",
    "target/@memReserve",
    "topology/@clusters",
)

UUIDS = (
    "address/@uuid",
    "{encryption/@secret,secret/@uuid}",
    "parameters/@{instanceid,interfaceid}",
    "source/@switchid",
    "{genid,uuid}/text()",
)

SPELLED = (
    Spelled(
        (*NUMBERS, *NEWER_NUMBERS),
        same_by(integer),
        "virStrToLong: libvirt keeps the number, not how it is written",
    ),
    Spelled(
        ("{address/@port,master/@startport}",),
        same_by(dotted),
        "virDomainDeviceUSBAddressParsePort: the ports from hub to hub are numbers",
    ),
    Spelled(
        ("usbdev/@version",),
        same_by(decimal),
        "virDomainRedirFilterUSBDevDefFormat: two digits behind the point",
    ),
    Spelled(
        (
            "address/@{domain,bus,slot,function,iobase,irq,base,cssid,ssid,devno,device}",
            "target/@{busNr,chassis,chassisNr,port}",
            "parameters/@{managerid,typeid,typeidversion}",
        ),
        same_number,
        "virStrToLong with base 0 reads octal numbers too",
    ),
    Spelled(
        ("address/@reg", "zpci/@{uid,fid}"),
        same_hexadecimal,
        "virXMLPropUInt with base 16 needs no 0x",
    ),
    Spelled(
        ("ip/@{address,peer}", "route/@{address,gateway}", "portForward/@address"),
        same_by(ip_address),
        "virSocketAddrFormat",
    ),
    Spelled(("source/@portid",), same_by(any_spelling), "a number or a UUID"),
    Spelled(UUIDS, same_by(uuid), "virUUIDParse ignores case and hyphens"),
)
