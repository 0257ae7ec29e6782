// Every route of the server, by resource.
#include <fstream>
#include <iterator>
#include <set>

#include "app/server.h"
#include "app/version.h"
#include "base/json.h"
#include "http/routes/accounts.h"
#include "http/routes/acl.h"
#include "http/routes/audit.h"
#include "http/routes/backoffice.h"
#include "http/routes/components.h"
#include "http/routes/connector_access.h"
#include "http/routes/connector_operations.h"
#include "http/routes/connectors.h"
#include "http/routes/data_stores.h"
#include "http/routes/events.h"
#include "http/routes/files.h"
#include "http/routes/flow_counts.h"
#include "http/routes/flow_tests.h"
#include "http/routes/flows.h"
#include "http/routes/flows_bulk.h"
#include "http/routes/integrations.h"
#include "http/routes/logs.h"
#include "http/routes/message_statistics.h"
#include "http/routes/modifiers.h"
#include "http/routes/monitoring.h"
#include "http/routes/plugins.h"
#include "http/routes/publishing.h"
#include "http/routes/quota.h"
#include "http/routes/server_information.h"
#include "http/routes/service_configuration.h"
#include "http/routes/sign_in.h"
#include "http/routes/static_calls.h"
#include "http/routes/system_configuration.h"
#include "http/routes/system_webhooks.h"
#include "http/routes/unprocessed_bulk.h"
#include "http/routes/unprocessed_messages.h"
#include "http/routes/users.h"
#include "http/routes/variables.h"
#include "http/routes/webhooks.h"

namespace patchbay::app {

namespace {

std::string readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::set<std::string> customQuotas(const engine::QuotaDefinitions& quotas) {
  std::set<std::string> names;
  for (const engine::QuotaDefinition& quota : quotas.list()) {
    if (quota.custom) {
      names.insert(quota.name);
    }
  }
  return names;
}

}  // namespace

base::Status Server::addRoutes() {
  http::addServerInformationRoutes(router_, {std::string(kEngineVersion), std::string(kVersion), publicUrl_});
  http::addBackofficeRoutes(router_, options_.backoffice.empty() ? layout_.backoffice : std::filesystem::path(options_.backoffice),
                            random_);
  http::addSignInRoutes(router_, {*users_, *tokens_, *throttle_, *codes_, *configuration_, *audit_,
                                 [this](const access::User& user, const std::string& code, const std::string& link) {
                                   tellCode(user, code, link);
                                 }});
  http::addUserRoutes(router_, *users_, *removal_, *audit_);
  http::addAclRoutes(router_, *acl_, registry_, *audit_);
  http::addConnectorAccessRoutes(router_, {*acl_, *users_, *audit_, registry_});
  http::addAuditRoutes(router_, *audit_);
  http::addSystemConfigurationRoutes(router_, *configuration_, *audit_);
  http::addServiceConfigurationRoutes(router_, *serviceConfiguration_, *audit_);
  http::addAccountRoutes(router_, *accounts_);
  const http::FlowParts flowParts{*flows_, *flowVersions_, *engine_,  registry_,
                                  *acl_,   *store_,        publicUrl_};
  http::addFlowRoutes(router_, flowParts);
  http::addVariableRoutes(router_, flowParts, engine_->sourceLookups());
  http::addFlowTestRoute(router_, {engine_->componentTests(), *flows_, *acl_});
  http::addIntegrationRoutes(router_, *integrations_);
  http::addFlowsBulkRoutes(router_, *flowsBulk_);
  http::addUnprocessedBulkRoutes(router_, *unprocessedBulk_);
  http::addUnprocessedMessageRoutes(router_, *store_, *flows_, *engine_);
  http::addComponentRoutes(router_, {registry_, *acl_});
  http::addPublishingRoutes(router_, {*lifecycle_, *operations_, *configuration_});
  http::addConnectorOperationRoutes(router_, {*lifecycle_, *operations_, *trash_, *flowUpgrade_});
  http::addEventRoutes(router_, events_);
  http::tellOfOperations(*operations_, events_);
  http::addConnectorRoutes(router_, {registry_, *catalogues_, *store_, *serviceConfiguration_,
                                     [this] { return customQuotas(engine_->quotas()); },
                                     [this](const std::string& name) {
                                       const auto running = operations_->running(name);
                                       return running ? std::optional(running->ticket) : std::nullopt;
                                     },
                                     [this] { events_.tellAdmins("catalogue.refreshed", "{}"); }});
  http::addDataStoreRoutes(
      router_, {*store_, *dataStores_, [this](store::Transaction& tx, const std::vector<datastores::ListenerCall>& calls) {
                  return [this, due = engine_->intake().put(tx, calls)] { engine_->intake().adopt(due); };
                }});
  http::addFileRoutes(router_, *files_, clock_, [this](std::function<void()> work) {
    boost::asio::post(background_, std::move(work));
  });
  http::addLogRoutes(router_, *flowLog_, *flows_, clock_);
  http::addFlowCountsRoute(router_, *flowLog_, *flows_, clock_);
  http::addMessageStatisticsRoutes(router_, {insights::MessageStatistics(*flowLog_), *flows_, *store_, clock_});
  http::addSystemWebhookRoutes(router_, *deliveries_);
  http::addMonitoringRoutes(router_, {*configuration_, metrics_, health_,
                                      [this](std::function<void()> work) { return onLoop(std::move(work)); }});
  http::addWebhookRoutes(router_, engine_->intake());
  http::addPluginRoutes(router_, {*plugins_, [this](std::function<void()> work) { return onLoop(std::move(work)); }});
  http::addStaticCallRoute(router_, {engine_->staticCalls(), *acl_, *store_, *flows_});
  http::addQuotaRoutes(router_, engine_->quotas());
  http::ModifierParts modifiers{
      *store_, random_, readFile(layout_.runtimeFolder / "mapper" / "modifiers.json"), {}, {}, {}};
  const auto shipped = std::make_shared<const json::value>(json::parseOwn(modifiers.shipped));
  modifiers.changed = [this, shipped](std::string document) {
    engine_->setChangedModifiers(document.empty() ? flows::ChangedModifiers()
                                                  : flows::changedModifiers(json::parseOwn(document), *shipped));
    loop_.post([this, document = std::move(document)]() mutable { mappers_->setModifiers(std::move(document)); });
  };
  const auto ask = [this](void (runtime::MapperPool::*question)(std::string,
                                                                runtime::MapperPool::Told),
                          std::string members, http::ModifierParts::Evaluated told) {
    loop_.post([this, question, members = std::move(members), told = std::move(told)]() mutable {
      (*mappers_.*question)(std::move(members),
                            [told = std::move(told)](base::Result<runtime::Mapped> mapped) {
                              if (mapped) {
                                told(std::move(mapped->value));
                              } else {
                                told(mapped.error());
                              }
                            });
    });
  };
  modifiers.test = [ask](std::string members, http::ModifierParts::Evaluated told) {
    ask(&runtime::MapperPool::test, std::move(members), std::move(told));
  };
  modifiers.transform = [ask](std::string members, http::ModifierParts::Evaluated told) {
    ask(&runtime::MapperPool::map, std::move(members), std::move(told));
  };
  return http::addModifierRoutes(router_, std::move(modifiers));
}

}  // namespace patchbay::app
