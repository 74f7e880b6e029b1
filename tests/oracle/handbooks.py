# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole command lines in the shape of manual pages, handbooks and tutorials.

``IMAGE`` stands for an image, ``USER_DATA`` for a file for cloud-init.
"""

from __future__ import annotations

_SECURE_BOOT = (
    "firmware.feature0.name=secure-boot,firmware.feature0.enabled=yes,"
    "firmware.feature1.name=enrolled-keys,firmware.feature1.enabled=yes"
)
#: For Windows, as its enlightenments are listed in tutorials.
_HYPERV = (
    "--features hyperv.relaxed.state=on,hyperv.vapic.state=on,hyperv.spinlocks.state=on,"
    "hyperv.spinlocks.retries=8191,hyperv.vpindex.state=on,hyperv.synic.state=on,"
    "hyperv.stimer.state=on,hyperv.frequencies.state=on"
    " --clock hypervclock_present=yes,rtc_tickpolicy=catchup,pit_tickpolicy=delay,hpet_present=no"
)
_WINDOWS = (
    "--name win11 --osinfo win11 --memory 8192 --vcpus 4,sockets=1,cores=4,threads=1"
    " --cpu host-passthrough --machine q35 --cdrom IMAGE"
    " --disk path=/var/lib/libvirt/images/win11.qcow2,size=64,bus=virtio,cache=writeback,format=qcow2"
)
_CLOUD = "--name cloud --osinfo debian11 --memory 2048 --vcpus 2 --import"
_TEXT = "--name text --osinfo fedora37 --memory 2048 --import --disk size=10"

LINES = (
    # The manual pages
    "--connect qemu:///system --memory 8192 --vcpus 8 --graphics vnc --osinfo centos7.0 --pxe",
    "--import --memory 512 --disk IMAGE --osinfo debian9",
    "--name armtest --memory 1024 --arch armv7l --machine vexpress-a9 --disk IMAGE --osinfo generic"
    " --boot kernel=/tmp/k,initrd=/tmp/i,dtb=/tmp/d,kernel_args='console=ttyAMA0 rw root=/dev/mmcblk0p3'"
    " --graphics none",
    "--name sev --memory 4096 --boot uefi --machine q35 --memtune hard_limit=4563402"
    " --disk size=15,target.bus=scsi --import --osinfo fedora37"
    " --controller type=scsi,model=virtio-scsi,driver.iommu=on"
    " --controller type=virtio-serial,driver.iommu=on"
    " --network network=default,model=virtio,driver.iommu=on --rng /dev/random,driver.iommu=on"
    " --memballoon driver.iommu=on --launchSecurity sev",
    f"{_TEXT} --boot uefi,{_SECURE_BOOT}",
    f"{_TEXT} --boot uefi,firmware.feature0.name=secure-boot,firmware.feature0.enabled=no",
    f"{_TEXT} --boot bootmenu.enable=on,bios.useserial=on",
    f"{_TEXT} --boot loader=/f/CODE.fd,loader.readonly=yes,loader.type=pflash,nvram.template=/f/VARS.fd,"
    "loader_secure=no",
    f"{_TEXT} --sysinfo smbios,bios.vendor=custom --features apic.eoi=on,pvspinlock.state=on,gic.version=2",
    f"{_TEXT} --xml xpath.set=./name,xpath.value=renamed",
    f"{_TEXT} --qemu-commandline='-display gtk,gl=on' --qemu-commandline=env=DISPLAY=:0.1",
    f"{_TEXT} --rng egd,backend.source.host=localhost,backend.source.service=8000,backend.type=tcp",
    f"{_TEXT} --serial tcp,host=0.0.0.0:2445,source.mode=bind,protocol.type=telnet,log.file=/tmp/l",
    f"{_TEXT} --channel pty,target.type=virtio,target.name=org.example.agent"
    " --channel unix,source.mode=bind,target.type=guestfwd,target.address=10.0.2.1:4600,path=/s",
    f"{_TEXT} --hostdev /dev/net/tun,type=misc --hostdev wlan0,type=net",
    f"{_TEXT} --cpu numa.cell0.memory=1234,numa.cell0.cpus=0-3,numa.cell1.memory=5678,numa.cell1.cpus=4-7"
    " --vcpus 8",
    # Windows
    f"{_WINDOWS} --boot uefi,{_SECURE_BOOT}"
    " --tpm model=tpm-crb,backend.type=emulator,backend.version=2.0"
    " --disk IMAGE,device=cdrom,bus=sata --network network=default,model=virtio"
    " --graphics spice --video qxl --channel spicevmc --sound ich9",
    f"{_WINDOWS} {_HYPERV} --boot uefi --tpm emulator,version=2.0,model=tpm-tis --graphics vnc"
    " --network bridge=br0,model=e1000e --disk device=cdrom",
    f"{_WINDOWS} --boot loader=/usr/share/OVMF/OVMF_CODE_4M.ms.fd,loader.readonly=yes,"
    "loader.secure=yes,loader.type=pflash,nvram.template=/usr/share/OVMF/OVMF_VARS_4M.ms.fd"
    " --features smm.state=on --tpm default",
    "--name srv --osinfo win2k19 --memory 4096 --vcpus 2 --disk size=60,bus=virtio,discard=unmap"
    " --cdrom IMAGE --disk IMAGE,device=cdrom --network network=default,model=virtio"
    " --channel unix,target.type=virtio,target.name=org.qemu.guest_agent.0 --graphics vnc,listen=0.0.0.0",
    # Cloud images
    f"{_CLOUD} --disk IMAGE,format=raw --cloud-init user-data=USER_DATA,meta-data=USER_DATA"
    " --network bridge=br0,model=virtio --graphics none --console pty,target_type=serial",
    f"{_CLOUD} --disk size=20,backing_store=IMAGE,backing_format=raw,bus=virtio --cloud-init"
    " user-data=USER_DATA,network-config=USER_DATA --network network=default --noautoconsole",
    f"{_CLOUD} --disk IMAGE,device=disk,bus=virtio,format=raw --disk IMAGE,device=cdrom"
    " --graphics vnc --os-type linux --virt-type qemu --network default",
    f"{_CLOUD} --disk size=10 --cloud-init disable=on,clouduser-ssh-key=USER_DATA",
    f"{_CLOUD} --disk size=10 --sysinfo system.serial='ds=nocloud;s=http://10.0.2.2:8000/'",
    # Networks
    "--name pxe --osinfo rhel9.0 --memory 4096 --disk size=20 --pxe"
    " --network bridge=br0,mac=52:54:00:10:20:30,model=virtio --graphics vnc,listen=0.0.0.0",
    "--name pxe2 --osinfo rhel9.0 --memory 4096 --disk size=20,boot.order=1"
    " --network network=default,boot.order=2 --boot uefi --graphics none --import",
    f"{_TEXT} --network type=direct,source=eth0,source_mode=bridge,model=virtio",
    f"{_TEXT} --network type=direct,source=eth0,source.mode=passthrough,model.type=virtio",
    f"{_TEXT} --network type=direct,source=eth0,source_mode=private --network none",
    f"{_TEXT} --network bridge=ovsbr0,virtualport.type=openvswitch,"
    "virtualport.parameters.interfaceid=09b11c53-8b5c-4eeb-8f00-d84eaa0aaa3b,model=virtio",
    f"{_TEXT} --network network=ovs,portgroup=vlan-42,model.type=virtio",
    f"{_TEXT} --network network=default,xpath1.set=./vlan/tag/@id,xpath1.value=42",
    f"{_TEXT} --memorybacking hugepages=yes,access.mode=shared --cpu host-passthrough,cell0.id=0,"
    "cell0.cpus=0-1,cell0.memory=2097152,numa.cell0.memAccess=shared --vcpus 2"
    " --network type=vhostuser,source.type=unix,source.path=/run/vhost/s0,source.mode=server,"
    "model=virtio,driver.queues=2",
    f"{_TEXT} --network user,model=virtio --network network=default,model=e1000e,link.state=down",
    # What is passed through
    f"{_TEXT} --filesystem /srv/share,share --filesystem source.dir=/srv/home,target.dir=home,"
    "accessmode=mapped",
    f"{_TEXT} --filesystem /srv/share,share,driver.type=virtiofs,driver.queue=1024"
    " --memorybacking source.type=memfd,access.mode=shared",
    f"{_TEXT} --tpm backend.type=passthrough,backend.device.path=/dev/tpm0,model=tpm-tis",
    # Processors and memory
    f"{_TEXT} --memorybacking hugepages=on --memtune hard_limit=4194304 --vcpus 4,cpuset=0-1",
    f"{_TEXT} --vcpus 4 --cpu host-passthrough,topology.sockets=1,topology.cores=2,topology.threads=2"
    " --cputune vcpupin0.vcpu=0,vcpupin0.cpuset=0,vcpupin1.vcpu=1,vcpupin1.cpuset=1,"
    "vcpupin2.vcpu=2,vcpupin2.cpuset=0,vcpupin3.vcpu=3,vcpupin3.cpuset=1,emulatorpin.cpuset=0"
    " --numatune 0,mode=strict --iothreads 1",
    f"{_TEXT} --vcpus 4,maxvcpus=8 --memory currentMemory=2048,maxmemory=4096",
    f"{_TEXT} --cpu host-passthrough,+vmx,check=none --cpu host-model,disable=svm",
    f"{_TEXT} --memdev dimm,target.size=512,target.node=0 --cpu cell0.cpus=0-1,cell0.memory=2097152"
    " --vcpus 2 --memory maxMemory=8192,maxMemory.slots=4,memory=2048",
    # Other architectures
    "--name arm --arch aarch64 --osinfo debian11 --memory 2048 --vcpus 2 --disk size=10 --import"
    " --boot uefi --graphics none",
    "--name arm2 --arch aarch64 --machine virt --cpu cortex-a72 --osinfo ubuntu22.04 --memory 2048"
    " --disk size=10,bus=virtio --cdrom IMAGE --network network=default,model=virtio",
    "--name riscv --arch riscv64 --machine virt --osinfo generic --memory 2048 --vcpus 4 --disk size=10 --import"
    " --boot kernel=/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf --graphics none",
    "--name s390 --arch s390x --osinfo rhel9.0 --memory 2048 --disk size=10 --import --graphics none",
    "--name ppc --arch ppc64le --machine pseries --osinfo fedora37 --memory 2048 --disk size=10 --import",
    "--name old --arch i686 --osinfo winxp --memory 512 --disk size=8,bus=ide --cdrom IMAGE"
    " --network network=default,model=rtl8139 --sound ac97 --video cirrus",
    # Consoles, and all else
    f"{_TEXT} --nographics --console pty,target_type=serial --noautoconsole --noreboot",
    f"{_TEXT} --graphics none --serial pty --serial file,path=/var/log/g.log --console pty,target_type=virtio",
    f"{_TEXT} --transient --autostart --wait 10 --check all=off",
    f"{_TEXT} --autoconsole none --destroy-on-exit --quiet --check disk_size=off",
    f"{_TEXT} --watchdog i6300esb,action=reset --panic default --rng /dev/urandom --vsock cid.auto=yes",
    f"{_TEXT} --graphics spice,gl=on,listen=none --video virtio,accel3d=yes --graphics egl-headless",
    f"{_TEXT} --graphics vnc,port=5901,listen=127.0.0.1,password=secret,keymap=de",
    f"{_TEXT} --disk pool=default,size=5,format=raw,sparse=no,cache=none,io=native --disk none",
    f"{_TEXT} --disk path=rbd://mon.example.org:6789/rbd/image --disk"
    " type=network,source.protocol=rbd,source.name=rbd/other,source.host0.name=mon.example.org,"
    "source.host0.port=6789",
    f"{_TEXT} --disk path=iscsi://10.0.0.1:3260/iqn.2020-01.org.example%3Astorage/1",
    f"{_TEXT} --disk vol=default/installation.iso,device=cdrom,readonly=on",
    f"{_TEXT} --events on_poweroff=destroy,on_reboot=restart,on_crash=destroy --pm suspend_to_mem=no",
    f"{_TEXT} --boot hd,cdrom,menu=on,rebootTimeout=5000 --input tablet,bus=usb --video vga",
    f"{_TEXT} --clock offset=localtime --metadata title=Web,description='The web server'",
    f"{_TEXT} --seclabel type=dynamic --controller usb,model=qemu-xhci --redirdev usb,type=spicevmc",
    f"{_TEXT} --iommu model=intel,driver.intremap=on,driver.caching_mode=on --features ioapic.driver=qemu"
    " --machine q35",
    "--name mac --osinfo macosx10.7 --memory 4096 --disk size=40 --import --machine q35 --boot uefi",
    "--name bsd --osinfo freebsd13.1 --memory 1024 --disk size=10 --cdrom IMAGE --graphics vnc --boot uefi",
    "--name k8s --osinfo generic --memory 4096 --vcpus 2 --disk size=20 --import"
    " --sysinfo type=fwcfg,entry0.name=opt/com.coreos/config,entry0.file=/var/lib/libvirt/images/x.ign"
    " --network network=default --graphics none",
)
