'use strict';

const crypto = require('crypto');
const { XMLParser, XMLValidator } = require('fast-xml-parser');

const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: false,
    htmlEntities: true
});

/**
 * Reads the XML of a feed: RSS 2.0, RSS 1.0 or Atom. Gives { title, link, description, items }.
 * Throws for anything else. Links are made absolute with the feed's own URL.
 */
module.exports = function parseFeed(xml, url) {

    const valid = XMLValidator.validate(xml.trim());
    if (valid !== true) {
        throw new Error(`${valid.err.msg} Line ${valid.err.line}.`);
    }
    const document = parser.parse(xml);
    const rss = document.rss ?? document['rdf:RDF'];
    if (rss?.channel) {
        const channel = list(rss.channel)[0];
        return rssFeed(channel, list(channel.item ?? rss.item), url);
    }
    if (document.feed !== undefined) {
        return atomFeed(document.feed, url);
    }
    throw new Error('neither an RSS nor an Atom document');
};

const list = value => (value === undefined || value === '' ? [] : [].concat(value));

/** Text of an element: plain, with attributes, repeated (the first), or XHTML (its text). */
function text(value) {

    const first = list(value)[0];
    if (typeof first === 'string') {
        return first.trim() || undefined;
    }
    if (first === undefined || first === null) {
        return undefined;
    }
    if (first['#text'] !== undefined && first.div === undefined) {
        return String(first['#text']).trim() || undefined;
    }
    const parts = Object.entries(first).filter(([name]) => !name.startsWith('@')).flatMap(([, child]) => list(child).map(text));
    return parts.filter(Boolean).join(' ') || undefined;
}

function isoDate(value) {

    const time = Date.parse(text(value) ?? '');
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function absolute(link, base) {

    if (!link) {
        return undefined;
    }
    return URL.canParse(link, base) ? new URL(link, base).href : link;
}

/** An item without an id of its own is known by what it says. */
function identity(id, { link, title, published, summary }) {

    return id || link || crypto.createHash('sha256').update(JSON.stringify([title, published, summary])).digest('hex');
}

function rssFeed(channel, items, url) {

    const feed = { title: text(channel.title), link: absolute(text(channel.link), url), description: text(channel.description) };
    return { ...feed, items: items.map(item => rssItem(item, feed, url)) };
}

function rssItem(item, feed, url) {

    const guid = text(item.guid);
    const permalink = guid && list(item.guid)[0]['@isPermaLink'] !== 'false' && URL.canParse(guid) ? guid : undefined;
    const enclosure = list(item.enclosure)[0];
    const fields = {
        title: text(item.title),
        link: absolute(text(item.link), url) ?? permalink,
        summary: text(item.description),
        content: text(item['content:encoded']) ?? text(item.description),
        author: text(item.author) ?? text(item['dc:creator']),
        published: isoDate(item.pubDate) ?? isoDate(item['dc:date']),
        updated: isoDate(item['atom:updated']),
        categories: list(item.category).map(text).filter(Boolean),
        enclosure: enclosure && { url: enclosure['@url'], type: enclosure['@type'], length: Number(enclosure['@length']) || undefined },
        feed: { title: feed.title, link: feed.link }
    };
    return { id: identity(guid ?? item['@rdf:about'], fields), ...fields };
}

function atomFeed(source, url) {

    const feed = { title: text(source.title), link: absolute(atomLink(source.link), url), description: text(source.subtitle) };
    return { ...feed, items: list(source.entry).map(entry => atomItem(entry, feed, url)) };
}

function atomLink(links, rel = 'alternate') {

    return list(links).find(link => (link['@rel'] ?? 'alternate') === rel)?.['@href'];
}

function atomItem(entry, feed, url) {

    const enclosure = list(entry.link).find(link => link['@rel'] === 'enclosure');
    const fields = {
        title: text(entry.title),
        link: absolute(atomLink(entry.link), url),
        summary: text(entry.summary),
        content: text(entry.content) ?? text(entry.summary),
        author: text(list(entry.author)[0]?.name),
        published: isoDate(entry.published) ?? isoDate(entry.updated),
        updated: isoDate(entry.updated),
        categories: list(entry.category).map(category => category['@term']).filter(Boolean),
        enclosure: enclosure && { url: enclosure['@href'], type: enclosure['@type'], length: Number(enclosure['@length']) || undefined },
        feed: { title: feed.title, link: feed.link }
    };
    return { id: identity(text(entry.id), fields), ...fields };
}
