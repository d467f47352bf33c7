const preset = require('../../jest.preset.cjs');
module.exports = preset('apps/watcher', process.env.TEST_KIND ?? 'spec');
