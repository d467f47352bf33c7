import { statfs } from 'node:fs/promises';

/** Linux's numbers for file systems on disks and in memory of this machine: ext, xfs, btrfs, tmpfs, overlay, f2fs, zfs, bcachefs. */
const localTypes = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1, 0xca451a4e,
]);

/** Whether a folder lies on a disk of this machine, where no call waits for a network. False where it cannot be told. */
export async function isOnLocalDisk(directory: string): Promise<boolean> {
  try {
    return localTypes.has((await statfs(directory)).type);
  } catch {
    return false;
  }
}
