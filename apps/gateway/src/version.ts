// eslint-disable-next-line @nx/enforce-module-boundaries -- the version stands in one place, the workspace's own manifest
import manifest from '../../../package.json';

export const version: string = manifest.version;
