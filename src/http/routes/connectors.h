// The connector catalogue and one connector's page (rest-api §29.1, §29.2). Administrators only.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "accounts/service_configuration.h"
#include "connectors/catalogues.h"
#include "connectors/connector_rows.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

// All must outlive the router.
struct ConnectorParts {
  const connectors::Registry& registry;
  connectors::Catalogues& catalogues;
  store::Store& store;
  const accounts::ServiceConfiguration& configuration;
  // Names of the quotas that an administrator wrote in place of the shipped ones. May block.
  std::function<std::set<std::string>()> customQuotas;
  // The ticket of the operation that works on a connector now.
  connectors::ConnectorRows::Operation operation;
  std::function<void()> refreshed;  // after the catalogues were read anew
};

void addConnectorRoutes(Router& router, const ConnectorParts& parts);

}  // namespace patchbay::http
