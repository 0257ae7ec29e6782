'use strict';

const parseFeed = require('./parse_feed');

const MAX_FEED_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 30000;

/**
 * Gets and reads a feed. `seen` holds the etag and lastModified of the last answer; with it
 * the result is null when the server says that nothing has changed.
 */
module.exports = async function fetchFeed(context, url, seen = {}) {

    const headers = { Accept: 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5' };
    if (seen.etag) {
        headers['If-None-Match'] = seen.etag;
    }
    if (seen.lastModified) {
        headers['If-Modified-Since'] = seen.lastModified;
    }
    const response = await context.httpRequest({
        url: checkedUrl(context, url),
        method: 'GET',
        headers,
        responseType: 'arraybuffer',
        timeout: TIMEOUT_MS,
        maxContentLength: MAX_FEED_BYTES,
        validateStatus: status => (status >= 200 && status < 300) || status === 304
    });
    if (response.status === 304) {
        return null;
    }
    const feed = readFeed(context, url, response);
    return { ...feed, etag: response.headers.etag, lastModified: response.headers['last-modified'] };
};

function checkedUrl(context, text) {

    let url;
    try {
        url = new URL(text);
    } catch (err) {
        throw new context.CancelError(`url: "${String(text).slice(0, 200)}" is not an absolute URL.`);
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new context.CancelError('url: must start with http:// or https://.');
    }
    return url.href;
}

function readFeed(context, url, response) {

    try {
        return parseFeed(decode(Buffer.from(response.data), response.headers['content-type']), url);
    } catch (err) {
        throw new context.CancelError(`url: what is there is not a feed that can be read (${err.message}).`);
    }
}

/** Text of the bytes. The HTTP header names the character set, else the XML declaration. */
function decode(bytes, contentType = '') {

    const declared = /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ??
        /^[^>]{0,200}?encoding=["']([\w-]+)["']/.exec(bytes.subarray(0, 300).toString('latin1'))?.[1] ?? 'utf-8';
    let decoder;
    try {
        decoder = new TextDecoder(declared);
    } catch (err) {
        decoder = new TextDecoder('utf-8');
    }
    return decoder.decode(bytes);
}
