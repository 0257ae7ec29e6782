// storeGet, storeSet, storeRemove, storeClear, storeFind, storeCount, storeList, storeRegisterWebhook, storeUnregisterWebhook: the flow owner's
// data stores (component-runtime §8.8).
#pragma once

#include "engine/context/host_calls.h"
#include "engine/webhook_intake.h"

namespace patchbay::engine {

void addDataStoreCalls(HostCalls& calls, Parts& parts, WebhookIntake& intake);

}  // namespace patchbay::engine
