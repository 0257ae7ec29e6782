'use strict';

const path = require('node:path');
const { fork } = require('node:child_process');

/** A child of the bench (load generator or sink) that answers one order at a time. */
module.exports = class LoadProcess {

    constructor(file) {
        this.child = fork(path.join(__dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
        this.child.on('exit', code => this.settle?.reject(new Error(`${file} ended with ${code}`)));
        this.child.on('message', message => {
            if (message.error) {
                this.settle?.reject(new Error(`${file}: ${message.error}`));
            } else {
                this.settle?.resolve(message.result ?? message);
            }
        });
    }

    /** The next message of the child. */
    next() {
        return new Promise((resolve, reject) => { this.settle = { resolve, reject }; });
    }

    order(order) {
        const answer = this.next();
        this.tell(order);
        return answer;
    }

    /** An order that is not answered. */
    tell(order) {
        this.child.send(order);
    }

    end() {
        this.settle = null;
        this.child.disconnect();
    }
};
