'use strict';

// Modifiers of dates: ISO texts, other texts a date can be read from, or milliseconds since 1970.
// A value that is no date stays as it is.

module.exports = {
    g_formatDate: {
        label: 'Format date',
        category: ['date'],
        description: 'Writes a date in a format such as YYYY-MM-DD HH:mm, in UTC.',
        arguments: [{ name: 'format', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, format, options) {
            const date = options.helpers.asDate(value);
            return date === undefined ? value : date.format(options.helpers.asText(format));
        }
    },
    g_relativeTime: {
        label: 'Relative time',
        category: ['date'],
        description: 'Says how long ago or ahead a date is, such as "3 days ago".',
        arguments: [{ name: 'withoutSuffix', type: 'boolean', isHash: true }],
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const date = options.helpers.asDate(value);
            const bare = options.hash.withoutSuffix === undefined ? options.hash['without suffix'] : options.hash.withoutSuffix;
            return date === undefined ? value : date.fromNow(options.helpers.isOn(bare));
        }
    },
    g_lessThanDate: {
        label: 'Before',
        category: ['date', 'control'],
        description: 'Tells whether the date is before the second one, or the same when "inclusive" is on.',
        arguments: [{ name: 'second', type: 'string' }, { name: 'inclusive', type: 'boolean', isHash: true }],
        returns: { type: 'boolean' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asDate(value);
            const b = options.helpers.asDate(second);
            if (a === undefined || b === undefined) return value;
            return options.helpers.isOn(options.hash.inclusive) ? a.isSameOrBefore(b) : a.isBefore(b);
        }
    },
    g_greaterThanDate: {
        label: 'After',
        category: ['date', 'control'],
        description: 'Tells whether the date is after the second one, or the same when "inclusive" is on.',
        arguments: [{ name: 'second', type: 'string' }, { name: 'inclusive', type: 'boolean', isHash: true }],
        returns: { type: 'boolean' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asDate(value);
            const b = options.helpers.asDate(second);
            if (a === undefined || b === undefined) return value;
            return options.helpers.isOn(options.hash.inclusive) ? a.isSameOrAfter(b) : a.isAfter(b);
        }
    },
    g_addTimeSpan: {
        label: 'Add time span',
        category: ['date'],
        description: 'Moves a date by years, months, weeks, days, hours and minutes; negative numbers go back.',
        arguments: [
            { name: 'years', type: 'number', isHash: true },
            { name: 'months', type: 'number', isHash: true },
            { name: 'weeks', type: 'number', isHash: true },
            { name: 'days', type: 'number', isHash: true },
            { name: 'hours', type: 'number', isHash: true },
            { name: 'minutes', type: 'number', isHash: true }
        ],
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const date = options.helpers.asDate(value);
            if (date === undefined) return value;
            for (const unit of ['years', 'months', 'weeks', 'days', 'hours', 'minutes']) {
                date.add(options.helpers.asNumber(options.hash[unit]) || 0, unit);
            }
            return date.toISOString();
        }
    }
};
