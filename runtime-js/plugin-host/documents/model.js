'use strict';

// db.Model: the base class of what a plugin keeps. A subclass says `collection`, `idProperty`, `properties` and, if it likes,
// `protectedProperties`; its instances hold their properties as plain members, and whatever else code puts on them.
//
// As JSON an instance is all it holds: a route that creates something answers with its secrets. `toJson()` leaves the protected out.

const { randomUUID } = require('node:crypto');

function createModel(database) {
    return class Model {

        constructor(values) {
            this.populate(values ?? {});
        }

        static get idProperty() {
            return 'id';
        }

        static get properties() {
            return [];
        }

        static get protectedProperties() {
            return [];
        }

        // getFoo() and setFoo(value) for each property foo, unless the class has its own.
        static createSettersAndGetters() {
            for (const name of this.properties) {
                const suffix = name.charAt(0).toUpperCase() + name.slice(1);
                define(this.prototype, `get${suffix}`, function get() {
                    return this[name];
                });
                define(this.prototype, `set${suffix}`, function set(value) {
                    this[name] = value;
                    return this;
                });
            }
        }

        static async find(query, options) {
            const documents = await store(this).find(query, options).toArray();
            return documents.map(document => new this().populate(document));
        }

        static async findOne(query, options) {
            const document = await store(this).findOne(query, options);
            return document === null ? null : new this().populate(document);
        }

        static async findById(id) {
            const document = await store(this).findKept(this.idProperty, id);
            return document === null ? null : new this().populate(document);
        }

        static async count(query) {
            return store(this).countDocuments(query);
        }

        static async deleteById(id) {
            return store(this).deleteKept(this.idProperty, id);
        }

        static async deleteOne(query) {
            return store(this).deleteOne(query);
        }

        static async deleteMany(query) {
            return store(this).deleteMany(query);
        }

        static async createIndex(spec) {
            return store(this).createIndex(spec);
        }

        // Takes over what is a property of the model.
        populate(values) {
            for (const name of this.constructor.properties) {
                if (values[name] !== undefined) {
                    this[name] = values[name];
                }
            }
            return this;
        }

        getId() {
            return this[this.constructor.idProperty];
        }

        // Writes all properties; what was never read of the document stays as it is.
        async save() {
            const { idProperty, properties } = this.constructor;
            this[idProperty] ??= randomUUID();
            if (properties.includes('mtime')) {
                this.mtime = new Date();
            }
            const own = properties.filter(name => Object.hasOwn(this, name));
            const $set = Object.fromEntries(own.filter(name => this[name] !== undefined).map(name => [name, this[name]]));
            const removed = own.filter(name => this[name] === undefined).map(name => [name, '']);
            await store(this.constructor).saveKept(idProperty, this.getId(), removed.length > 0 ? { $set, $unset: Object.fromEntries(removed) } : { $set });
            return this;
        }

        toJson() {
            const hidden = this.constructor.protectedProperties;
            return Object.fromEntries(Object.entries(this).filter(([name]) => !hidden.includes(name)));
        }
    };

    function store(model) {
        return database.collection(model.collection);
    }
}

function define(prototype, name, method) {
    if (!Object.hasOwn(prototype, name)) {
        Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
    }
}

module.exports = { createModel };
