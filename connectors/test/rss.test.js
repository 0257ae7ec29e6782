'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, beforeEach, test } = require('node:test');
const { Node } = require('./stub_context');

const { root, remove } = require('./installed_bundle')('rss', ['.']);
const node = (name, properties) => new Node(root, `patchbay.rss.core.${name}`, { properties });

let server;
let url;
let feed;
let requests;

before(async () => {
    server = http.createServer((req, res) => {
        requests.push(req.headers);
        const { status = 200, body, type = 'application/xml', etag } = feed;
        if (etag && req.headers['if-none-match'] === etag) {
            res.writeHead(304, { ETag: etag }).end();
            return;
        }
        res.writeHead(status, { 'Content-Type': type, ...(etag ? { ETag: etag, 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' } : {}) });
        res.end(body);
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${server.address().port}/news/feed.xml`;
});

beforeEach(() => { requests = []; });

after(() => {
    server.closeAllConnections();
    server.close();
    remove();
});

const rss = items => `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>News &amp; more</title><link>https://example.com/</link><description>All of it</description>${items}</channel></rss>`;
const item = (n, more = '') => `<item><title>Item ${n}</title><link>https://example.com/${n}</link><guid isPermaLink="false">id-${n}</guid>${more}</item>`;
const dated = n => item(n, `<pubDate>Thu, 0${n} Jan 2026 10:00:00 +0100</pubDate>`);
const read = async body => {
    feed = typeof body === 'object' && !Buffer.isBuffer(body) ? body : { body };
    return (await node('GetFeed').receive({ url }))[0].payload;
};

test('GetFeed reads RSS 2.0', async () => {
    const result = await read(rss(item(1, `<pubDate>Thu, 01 Jan 2026 10:00:00 +0100</pubDate><description><![CDATA[<b>Bold</b>]]></description>
        <content:encoded><![CDATA[<p>All</p>]]></content:encoded><category>a</category><category domain="x">b</category>
        <author>jan@example.com</author><enclosure url="https://example.com/a.mp3" type="audio/mpeg" length="12"/>`)));
    assert.deepEqual(result, {
        title: 'News & more', link: 'https://example.com/', description: 'All of it', count: 1,
        items: [{
            id: 'id-1', title: 'Item 1', link: 'https://example.com/1', summary: '<b>Bold</b>', content: '<p>All</p>',
            author: 'jan@example.com', published: '2026-01-01T09:00:00.000Z', categories: ['a', 'b'],
            enclosure: { url: 'https://example.com/a.mp3', type: 'audio/mpeg', length: 12 },
            feed: { title: 'News & more', link: 'https://example.com/' }
        }]
    });
});

test('GetFeed reads Atom, with relative links and XHTML', async () => {
    const result = await read(`<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Atom</title>
        <link rel="self" href="/self"/><link href="/"/><subtitle>Sub</subtitle>
        <entry><id>urn:1</id><title type="html">A &amp;lt; B</title><link rel="enclosure" href="/e.png" type="image/png"/><link rel="alternate" href="one.html"/>
        <updated>2026-01-02T00:00:00Z</updated><author><name>Jana</name></author><category term="t"/>
        <content type="xhtml"><div><p>Hello</p> <b>you</b></div></content></entry></feed>`);
    assert.equal(result.title, 'Atom');
    assert.equal(result.link, new URL('/', url).href);
    const [entry] = result.items;
    assert.equal(entry.id, 'urn:1');
    assert.equal(entry.title, 'A &lt; B');
    assert.equal(entry.link, new URL('one.html', url).href);
    assert.equal(entry.published, '2026-01-02T00:00:00.000Z');
    assert.deepEqual([entry.author, entry.categories, entry.enclosure.type], ['Jana', ['t'], 'image/png']);
    assert.match(entry.content, /Hello/);
});

test('GetFeed reads RSS 1.0 and feeds without items', async () => {
    const result = await read(`<rdf:RDF xmlns:rdf="r"><channel><title>T</title></channel><item rdf:about="u:1"><title>One</title></item></rdf:RDF>`);
    assert.deepEqual(result.items.map(({ id, title }) => [id, title]), [['u:1', 'One']]);
    assert.equal((await read(rss(''))).count, 0);
    assert.equal((await read('<feed/>')).count, 0);
});

test('GetFeed knows items without an id by their link or their words', async () => {
    const { items } = await read(rss('<item><link>https://e.com/1</link></item><item><title>x</title></item><item><title>y</title></item>'));
    assert.equal(items[0].id, 'https://e.com/1');
    assert.equal(new Set(items.map(({ id }) => id)).size, 3);
});

test('GetFeed takes the character set of the header or the declaration', async () => {
    const body = Buffer.from('<?xml version="1.0" encoding="iso-8859-2"?><rss><channel><title>\xbelu\xbb</title></channel></rss>', 'latin1');
    assert.equal((await read(body)).title, 'žluť');
    assert.equal((await read({ body, type: 'text/xml; charset=ISO-8859-2' })).title, 'žluť');
});

test('GetFeed gives at most as many items as asked for', async () => {
    feed = { body: rss(item(1) + item(2) + item(3)) };
    assert.equal((await node('GetFeed').receive({ url, limit: 2 }))[0].payload.count, 2);
});

for (const [what, body] of [
    ['a web page', '<!DOCTYPE html><html><body><p>Hi</body></html>'],
    ['another XML document', '<a/>'],
    ['half a feed', '<rss><channel><title>x</title>'],
    ['nothing', '']
]) {
    test(`GetFeed refuses ${what}, for good`, async () => assert.rejects(read(body), { name: 'ContextCancelError', message: /not a feed/ }));
}

test('GetFeed does not let entities explode or read files', async () => {
    const names = 'abcdefghij';
    const levels = [...names].slice(1).map((name, n) => `<!ENTITY ${name} "${`&${names[n]};`.repeat(10)}">`).join('');
    const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">${levels}<!ENTITY file SYSTEM "file:///etc/passwd">]>`;
    for (const entity of ['j', 'file']) {
        const title = await read(`<?xml version="1.0"?>${bomb}<rss><channel><title>&${entity};</title></channel></rss>`).then(result => result.title, () => '');
        assert.ok((title ?? '').length < 1000);
        assert.doesNotMatch(title ?? '', /root:/);
    }
});

test('GetFeed lets the engine see the status of a failed request', async () => {
    await assert.rejects(read({ status: 503, body: '' }), err => err.response.status === 503);
    await assert.rejects(node('GetFeed').receive({ url: 'ftp://x/' }), { name: 'ContextCancelError', message: /^url: / });
});

const titles = trigger => trigger.on('out').map(({ title }) => title);

test('NewItem sends only what comes after the first look, oldest first', async () => {
    const trigger = node('NewItem', { url });
    feed = { body: rss(dated(2) + dated(1)) };
    await trigger.tick();
    assert.deepEqual(titles(trigger), []);
    feed = { body: rss(dated(5) + dated(3) + dated(4) + dated(2)) };
    await trigger.tick();
    assert.deepEqual(titles(trigger), ['Item 3', 'Item 4', 'Item 5']);
    await trigger.tick();
    assert.equal(trigger.sent.length, 3);
});

test('NewItem does not send an item again that left the feed and came back', async () => {
    const trigger = node('NewItem', { url });
    for (const items of [item(1) + item(2), item(2), item(1) + item(2), item(3) + item(3)]) {
        feed = { body: rss(items) };
        await trigger.tick();
    }
    assert.deepEqual(titles(trigger), ['Item 3']);
});

test('NewItem can send what is there at the start, from the bottom up without dates', async () => {
    const trigger = node('NewItem', { url, existing: true });
    feed = { body: rss(item('new') + item('old')) };
    await trigger.tick();
    assert.deepEqual(titles(trigger), ['Item old', 'Item new']);
});

test('NewItem asks only for changes', async () => {
    const trigger = node('NewItem', { url });
    feed = { body: rss(item(1)), etag: '"v1"' };
    await trigger.tick();
    await trigger.tick();
    assert.equal(requests[0]['if-none-match'], undefined);
    assert.equal(requests[1]['if-none-match'], '"v1"');
    assert.equal(requests[1]['if-modified-since'], 'Thu, 01 Jan 2026 00:00:00 GMT');
    feed = { body: rss(item(2) + item(1)), etag: '"v2"' };
    await trigger.tick();
    assert.deepEqual(titles(trigger), ['Item 2']);
});

test('NewItem sends again what failed to be sent', async () => {
    const trigger = node('NewItem', { url });
    feed = { body: rss(item(1)), etag: '"v1"' };
    await trigger.tick();
    feed = { body: rss(item(2) + item(1)), etag: '"v2"' };
    trigger.beforeSend = () => { throw new Error('lost'); };
    await assert.rejects(trigger.tick(), /lost/);
    trigger.beforeSend = undefined;
    await trigger.tick();
    assert.deepEqual(titles(trigger), ['Item 2']);
    assert.equal(trigger.locks.size, 0);
});

test('NewItem lets an overlapping tick pass', async () => {
    const trigger = node('NewItem', { url });
    trigger.locks.add('new-item:flow-1:node-1');
    await trigger.tick();
    assert.equal(requests.length, 0);
});
