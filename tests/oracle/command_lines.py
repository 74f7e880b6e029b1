# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people give to virt-install, beside the operating system and ``--import``."""

from __future__ import annotations

#: A disk for those without one.
_DISK = "--disk size=5"
_DOMAINS = (
    # Firmware, and what is booted
    "--boot uefi,menu=on --tpm backend.type=emulator,backend.version=2.0,model=tpm-crb",
    "--boot uefi --machine pc --tpm none",
    "--boot hd,cdrom,network,useserial=on,rebootTimeout=100",
    "--boot network,hd,uefi",
    "--boot firmware=efi,firmware.feature0.enabled=no,firmware.feature0.name=secure-boot",
    "--boot uefi=yes,loader_secure=yes",
    "--boot loader=/usr/share/OVMF/OVMF_CODE_4M.fd,loader.readonly=yes,loader.type=pflash,"
    "nvram.template=/usr/share/OVMF/OVMF_VARS_4M.fd",
    "--boot kernel=/boot/vmlinuz,initrd=/boot/initrd.img,cmdline='console=ttyS0 root=/dev/vda1'",
    "--boot os_type=hvm,arch=x86_64,machine=pc",
    # Processors
    "--cpu host-passthrough,cache.mode=passthrough",
    "--cpu mode=host-passthrough,migratable=off,check=none",
    "--cpu host-model-only --vcpus sockets=2,cores=4,threads=2",
    "--cpu host-copy --vcpus 5,maxvcpus=9,cores=3",
    "--cpu none --vcpus 4,cpuset=auto",
    "--cpu maximum --vcpus 4,cpuset=0-1,placement=static",
    "--cpu core2duo,+x2apic,disable=vmx --vcpus 2 --vcpus maxvcpus=4",
    "--cpu EPYC,check=partial,match=minimum,vendor=AMD,force=svm,optional=avx,forbid=vmx",
    "--cpu model=kvm64,model.fallback=forbid,model.vendor_id=GenuineIntel",
    "--cpu host-model,topology.sockets=1,topology.cores=4,topology.threads=1",
    "--vcpus 8 --cpu cell0.cpus=0-3,cell0.memory=1234567,cell1.cpus=4-7,cell1.memory=7654321,"
    "cell0.distances.sibling0.id=0,cell0.distances.sibling0.value=10,"
    "cell0.distances.sibling1.id=1,cell0.distances.sibling1.value=21",
    "--vcpus 4 --cputune vcpupin0.vcpu=0,vcpupin0.cpuset=0-1,emulatorpin.cpuset=0,shares=2048",
    "--iothreads iothreads=2,iothreadids.iothread0.id=1,iothreadids.iothread1.id=2",
    # Memory, and other resources of the host
    "--memory memory=1024,currentMemory=512,maxmemory=2048 --memballoon virtio,autodeflate=on",
    "--memory 1024 --memory maxmemory=4096 --memorybacking source.type=memfd,access.mode=shared",
    "--memorybacking locked=on,nosharepages=yes,discard=yes,allocation.mode=immediate",
    "--memorybacking hugepages=yes,hugepages.page0.size=1,hugepages.page0.unit=G,"
    "hugepages.page0.nodeset=0",
    "--memorybacking hugepages=yes,size=1,unit=G,nodeset=0"
    " --cpu numa.cell0.cpus=0-1,numa.cell0.memory=2097152",
    "--numatune 1,2,3,5-7,^6",
    "--numatune 0,memory.mode=strict,memory.placement=static",
    "--blkiotune weight=200,device_path=/dev/sda,device_weight=300",
    "--resource /machine/x --idmap uid_start=0,uid_target=1000,uid_count=10,"
    "gid_start=0,gid_target=1000,gid_count=10",
    # Disks
    "--disk size=5,target=vdz,readonly=on,snapshot=external,startup_policy=optional",
    "--disk size=5,bus=usb,serial=WD-WMAP9A966149,removable=on --disk device=floppy",
    "--disk size=5,driver.queues=4,driver.iothread=1,driver.copy_on_read=on --iothreads 1",
    "--disk size=5,bus=scsi,address.type=drive,address.controller=0,address.target=2,"
    "address.unit=0 --controller type=scsi,model=virtio-scsi",
    "--disk size=5,boot.order=1,iotune.read_bytes_sec=100,iotune.write_iops_sec=10"
    " --network default,boot.order=2",
    "--disk path=/var/lib/libvirt/images/other.img,size=1,format=raw,sparse=no,cache=none",
    "--disk pool=default,size=5,format=vmdk",
    "--disk path=nbd://example.org:10809/exp --disk path=nbd://other.example.org:10809/exp",
    "--disk source_protocol=nbd,source_host_name=h,source_host_port=99,source_host_transport=tcp",
    "--disk source_protocol=nbd,source_host_socket=/x,source_host_transport=unix",
    "--disk type=nvme,source.type=pci,source.namespace=1,source.managed=yes,"
    "source.address.domain=0,source.address.bus=1,source.address.slot=0,source.address.function=0",
    # Networks
    "--network bridge=br0,model=e1000,mac=52:54:00:12:34:56",
    "--network type=direct,source=eth0,source_mode=bridge,trustGuestRxFilters=yes",
    "--network type=direct,source=eth0,source_mode=vepa,virtualport_type=802.1Qbg,"
    "virtualport_managerid=12,virtualport_typeid=1193046,virtualport_typeidversion=1,"
    "virtualport_instanceid=09b11c53-8b5c-4eeb-8f00-d84eaa0aaa3b",
    "--network default,portgroup=x,filterref=clean-traffic,mtu.size=1400,link.state=down,"
    "driver.queues=4,driver.name=vhost,rom.bar=off,target.dev=vnet9",
    "--network type=vhostuser,source.type=unix,source.path=/tmp/s.sock,source.mode=server",
    "--network type=ethernet,target.dev=tap0 --network network:default --network bridge:br1",
    # What is seen and heard
    "--graphics spice,listen=socket --input type=mouse,bus=ps2",
    "--graphics spice,gl=on,rendernode=/dev/dri/renderD128,listen=none --video virtio,accel3d=yes",
    "--graphics vnc,password=foo,passwordValidTo=2010-04-09T15:51:00,keymap=de",
    "--graphics egl-headless --graphics vnc,listen=none",
    "--graphics vnc --graphics spice",
    "--graphics spice --graphics vnc",
    "--graphics none --video none --sound none --console none",
    "--video qxl,ram=65536,vram=131072,vgamem=16384,heads=2 --video none",
    "--sound ich9,codec.type=micro --audio id=1,type=spice",
    "--input evdev,source.dev=/dev/input/event1,source.repeat=on,source.grab=all,"
    "source.grabToggle=ctrl-ctrl",
    # Ports and channels
    "--channel unix,path=/tmp/foo,mode=bind,target_type=virtio,name=org.foo",
    "--channel pty,target.type=guestfwd,target.address=10.0.2.1:4600",
    "--channel spiceport,source.channel=org.spice-space.webdav.0,target.type=virtio,"
    "target.name=org.spice-space.webdav.0",
    "--console none --channel none",
    "--console pty,target_type=serial --serial file,path=/tmp/foo.log",
    "--serial dev,path=/dev/ttyS0 --serial udp,host=192.168.10.20:4444,bind_host=:22",
    "--serial pty,target.type=isa-serial,target.port=0,log.file=/tmp/l,log.append=on",
    "--parallel unix,path=/tmp/foo-socket --parallel pty",
    "--redirdev usb,type=tcp,server=localhost:4000 --redirdev usb,type=spicevmc",
    # Other devices
    "--filesystem /source,/target,mode=squash",
    "--filesystem source=/s,target=t,driver.type=virtiofs --memorybacking access.mode=shared",
    "--filesystem type=mount,mode=passthrough,source=/s,target=t,readonly=yes",
    "--controller usb,model=none --input none --redirdev none",
    "--smartcard host",
    "--controller usb2 --watchdog ib700,action=pause --panic iobase=0x506 --panic hyperv",
    "--controller usb3 --controller scsi,model=virtio-scsi,driver.iothread=1 --iothreads 1",
    "--controller num_pcie_root_ports=0 --rng none --redirdev none",
    "--controller pci,model=pcie-root"
    " --controller pci,model=pcie-root-port,index=1,target.chassis=1,target.port=0x10",
    "--iommu model=intel,driver.aw_bits=48,driver.caching_mode=on --features ioapic.driver=qemu",
    "--shmem name=my_shmem0,model.type=ivshmem-plain,size=4,size.unit=M",
    "--tpm /dev/tpm0,model=tpm-crb",
    # As handbooks and manual pages have them
    "--disk path=/var/lib/libvirt/images/handbook.qcow2,size=8,bus=virtio,format=qcow2,cache=writeback,"
    "io=threads --network network=default,model=virtio --graphics vnc,listen=0.0.0.0 --noautoconsole",
    "--disk size=8,driver.discard=unmap,driver.detect_zeroes=unmap,target.bus=scsi,target.rotation_rate=1"
    " --controller type=scsi,index=0,model=virtio-scsi --check all=off",
    "--cpu host --vcpus 2,sockets=1,cores=2,threads=1 --hvm --boot cdrom,hd,network,menu=on",
    "--connect qemu:///system --virt-type qemu --autostart --noreboot --wait 5 --graphics none"
    " --console pty,target_type=serial --serial pty",
    "--network type=direct,source=eth1,source_mode=bridge,model=virtio --network bridge=virbr9,model=virtio",
    "--network default,model.type=e1000e,mac.address=52:54:00:aa:bb:cc --network none",
    "--video vga --input tablet,bus=usb --sound none --memballoon model=none --rng /dev/urandom",
    "--channel unix,target.type=virtio,target.name=org.qemu.guest_agent.0 --channel spicevmc",
    "--graphics spice,listen=127.0.0.1,port=5905 --video qxl --redirdev usb,type=spicevmc",
    "--features smm.state=on --boot uefi,loader_secure=yes --machine q35"
    " --tpm backend.type=emulator,backend.version=2.0,model=tpm-tis",
    "--features hyperv_relaxed=on,hyperv_vapic=on,hyperv_spinlocks=on,hyperv_spinlocks_retries=8191"
    " --clock offset=localtime,hypervclock_present=yes",
    "--features kvm.hidden.state=on,vmport.state=off --clock rtc_tickpolicy=catchup,hpet_present=no",
    "--memory 4096,maxmemory=8192 --vcpus 4,maxvcpus=8 --numatune 0,mode=strict --memtune hard_limit=9000000",
    "--machine q35 --boot uefi --memtune hard_limit=2300000 --disk size=5,target.bus=scsi"
    " --controller type=scsi,model=virtio-scsi,driver.iommu=on"
    " --controller type=virtio-serial,driver.iommu=on"
    " --network network=default,model=virtio,driver.iommu=on --rng /dev/random,driver.iommu=on"
    " --memballoon driver.iommu=on"
    " --launchSecurity type=sev,policy=0x0003,cbitpos=47,reducedPhysBits=1",
    "--boot kernel=/tmp/k,initrd=/tmp/i,dtb=/tmp/d,kernel_args='console=ttyS0 rw root=/dev/vda3'",
    "--filesystem /srv/data,data,type=mount,mode=mapped --filesystem /srv/more,more,accessmode=passthrough,"
    "driver.type=path,readonly=on",
    "--vsock cid.auto=yes --watchdog i6300esb,action=poweroff --panic model=isa --sysinfo host",
    "--smartcard passthrough,type=spicevmc --redirdev default",
    "--security type=dynamic --events on_crash=restart --metadata title=web,description='the web server'",
    "--metadata description='my new description' --keywrap cipher0.name=aes,cipher0.state=on",
    # All else
    "--sysinfo bios.vendor='Custom Vendor',system.manufacturer=ACME,oemStrings.entry0=a",
    "--sysinfo type=fwcfg,entry0.name=opt/com.coreos/config,entry0.file=/x.ign",
    "--qemu-commandline='-fw_cfg name=opt/com.coreos/config,file=/x.ign'",
    "--qemu-commandline env=DISPLAY=:0.1 --qemu-commandline 'args=-device vfio-pci,addr=05.0'",
    "--seclabel type=static,label=a:b:c,relabel=yes --seclabel type=dynamic,model=dac",
    "--events on_poweroff=destroy,on_reboot=restart,on_crash=preserve,on_lockfailure=ignore",
    "--metadata title='a, b',description='x=y, z' --pm suspend_to_mem=yes",
    "--xml ./devices/memballoon/@autodeflate=on --uuid 12345678-1234-1234-1234-123456789012",
)
LINES = tuple(line if "--disk" in line else f"{_DISK} {line}" for line in _DOMAINS)
#: What newer versions of libvirt refuse, on the machine that fedora37 gets or without more.
LIBVIRT_REFUSES = {
    "--watchdog ib700": "ib700 model of watchdog cannot be used",
    "type=vhostuser": "requires shared memory",
    "--launchSecurity": "launch security is not supported",
    "type=misc": "'capabilities' is not supported",
    "gic.version": "'gic' feature is not supported",
    "--graphics egl-headless": "multiple OpenGL displays are not supported",
}
#: What only some versions of virt-install have, or answer so.
SINCE = {"--cpu maximum": "5.1", "hyperv.vpindex": "5.0"}
#: Of which virt-install makes what libvirt doesn't take.
BETTER = (
    f"{_DISK} --network model=rtl8139",
    f"{_DISK} --network mac=52:54:00:12:34:56",
    f"{_DISK} --disk /usr/share/osinfo,device=floppy,readonly=on",
)
