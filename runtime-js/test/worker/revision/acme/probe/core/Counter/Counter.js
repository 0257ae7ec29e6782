'use strict';

// Methods on the prototype, private members and state on `this`, as some connectors have it.
class Counter {

    #calls = 0;

    step() {
        this.#calls += 1;
        return this.#calls;
    }

    receive(context) {
        return context.sendJson({ calls: this.step() }, 'out');
    }
}

module.exports = new Counter();
