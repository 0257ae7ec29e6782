'use strict';

module.exports = {

    async receive(context) {

        await context.sendJson({ timeZones: ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')] }, 'out');
    },

    toSelectArray({ timeZones }) {

        return timeZones.map(zone => ({ label: zone, value: zone }));
    }
};
