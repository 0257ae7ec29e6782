#include "engine/quota/definitions.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>

#include "base/json.h"
#include "base/log.h"
#include "engine/quota/worker_call.h"
#include "store/settings.h"

namespace patchbay::engine {

namespace {

constexpr std::string_view kKind = "quota";
constexpr base::Millis kPatience{30'000};
constexpr std::size_t kMostCustom = 10'000;

std::string folderOf(std::string name) {
  std::replace(name.begin(), name.end(), ':', '/');
  return name;
}

// vendor:service[:module]
bool isName(std::string_view name) {
  std::size_t parts = 1;
  std::size_t length = 0;
  for (const char c : name) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
    if (c == ':' && length > 0) {
      ++parts;
      length = 0;
    } else if (word) {
      ++length;
    } else {
      return false;
    }
  }
  return length > 0 && (parts == 2 || parts == 3) && name.size() <= 256;
}

// The rules of `name` in the revision; null when it has none.
const json::value* rulesIn(const connectors::Revision& revision, const std::string& name) {
  const json::value* quota = json::find(revision.quotas, name);
  return quota != nullptr && quota->is_object() ? json::find(quota->get_object(), "rules")
                                                : nullptr;
}

// "acme/invoices/core/Create" → "acme:invoices:core"
std::string moduleOf(const connectors::Component& component) {
  std::string name = component.dir.substr(0, component.dir.rfind('/'));
  std::replace(name.begin(), name.end(), '/', ':');
  return name;
}

std::string readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::shared_ptr<const QuotaSource> makeSource(std::string name, json::value rules,
                                              std::string text) {
  auto source = std::make_shared<QuotaSource>();
  source->dir = folderOf(name);
  source->name = std::move(name);
  source->rules = std::move(rules);
  source->text = std::move(text);
  return source;
}

}  // namespace

base::Status QuotaDefinitions::load() {
  return parts_.store.read([this](store::Transaction& tx) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, text] : tx.settings().all(kKind)) {
      json::value document = json::parseOwn(text);
      const json::object& row = document.as_object();
      custom_[name] = makeSource(name, json::value(json::getArray(row, "rules")),
                                 json::getString(row, "source"));
    }
  });
}

std::shared_ptr<const QuotaSource> QuotaDefinitions::custom(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = custom_.find(name);
  return found == custom_.end() ? nullptr : found->second;
}

std::shared_ptr<const QuotaSource> QuotaDefinitions::find(
    const std::string& manager, const connectors::Revision& revision,
    const connectors::Component& component) const {
  for (const std::string& name :
       {manager, moduleOf(component)}) {  // the second: one manifest of the field names no file
    if (auto written = custom(name)) {
      return written;
    }
    if (const json::value* rules = rulesIn(revision, name)) {
      return makeSource(name, *rules, "");
    }
  }
  spdlog::warn("{} of {} names quota {}, which has no rules: its calls are not limited",
               component.name, revision.id, manager);
  return nullptr;
}

QuotaDefinitions::Shipped QuotaDefinitions::shipped() const {
  Shipped newest;
  for (const auto& revision : parts_.registry.allCurrent()) {
    if (!revision->quotas.is_object()) {
      continue;
    }
    for (const auto& [name, ignored] : revision->quotas.get_object()) {
      auto& holder = newest[std::string(name)];
      if (holder == nullptr || holder->installedAt < revision->installedAt) {
        holder = revision;
      }
    }
  }
  return newest;
}

std::vector<QuotaDefinition> QuotaDefinitions::list() const {
  std::map<std::string, QuotaDefinition> rows;
  for (const auto& [name, revision] : shipped()) {
    QuotaDefinition& row = rows[name];
    row.defaultSource = readFile(revision->root / folderOf(name) / "quota.js");
    row.source = row.defaultSource;
  }
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, source] : custom_) {
      rows[name].source = source->text;
      rows[name].custom = true;
    }
  }
  std::vector<QuotaDefinition> list;
  for (auto& [name, row] : rows) {
    row.name = name;
    list.push_back(std::move(row));
  }
  return list;
}

// Of the connector itself, so that what the text requires is found; else any.
std::shared_ptr<const runtime::WorkerSpec> QuotaDefinitions::workerFor(
    const std::string& name) const {
  const Shipped holders = shipped();
  if (const auto own = holders.find(name); own != holders.end()) {
    return own->second->worker;
  }
  std::shared_ptr<const runtime::WorkerSpec> any;
  for (const auto& revision : parts_.registry.allCurrent()) {
    for (const connectors::Component& component : revision->components) {
      if (component.service == name || moduleOf(component) == name) {
        return revision->worker;
      }
    }
    any = revision->worker;
  }
  return any;
}

base::Result<json::value> QuotaDefinitions::evaluate(const std::string& name,
                                                     const std::string& source) const {
  auto worker = workerFor(name);
  if (worker == nullptr) {
    return base::fail(base::Code::kUnavailable,
                      "No connector is installed, so nothing can evaluate the source. Nothing was "
                      "changed: install one first.");
  }
  using Outcome = base::Result<json::value>;
  auto promise = std::make_shared<std::promise<Outcome>>();
  auto outcome = promise->get_future();
  parts_.loop.post(
      [this, promise,
       question = QuotaQuestion{std::move(worker), "rules", folderOf(name), source, 0}]() mutable {
        askQuotaCode(parts_.runtime, parts_.loop, std::move(question),
                     [promise](Outcome result) { promise->set_value(std::move(result)); });
      });
  if (outcome.wait_for(kPatience) != std::future_status::ready) {
    return base::fail(base::Code::kUnavailable,
                      "The server is stopping. Nothing was changed: try again later.");
  }
  return outcome.get();
}

base::Result<QuotaDefinition> QuotaDefinitions::put(const std::string& name,
                                                    const std::string& source) {
  if (!isName(name)) {
    return base::fail(
        base::Code::kInvalid,
        "The name of a quota is vendor:service or vendor:service:module. Nothing was changed.");
  }
  if (source.empty()) {
    return base::fail(base::Code::kInvalid,
                      "\"source\" (JavaScript text) is required. Nothing was changed.");
  }
  auto answer = evaluate(name, source);
  if (!answer) {
    return answer.error().code == base::Code::kInvalid
               ? base::fail(base::Code::kInvalid,
                            "\"source\" does not evaluate to {rules: [...]}: " +
                                answer.error().message + ". Nothing was changed.")
               : answer.error();
  }
  const json::value rules(json::getArray(answer->as_object(), "rules"));
  std::size_t index = 0;
  for (const json::value& rule : rules.as_array()) {
    if (!readQuotaRule(rule, index++)) {
      return base::fail(
          base::Code::kInvalid,
          "\"source\": rule " + std::to_string(index) +
              " needs a \"limit\" of 1 or more, a known \"throttling\" and, unless it limits "
              "concurrency, a \"window\" in ms. Nothing was changed.");
    }
  }
  const std::lock_guard writing(writing_);
  {
    const std::lock_guard lock(mutex_);
    if (custom_.size() >= kMostCustom && !custom_.contains(name)) {
      return base::fail(base::Code::kTooLarge,
                        "There are 10,000 quotas already. Nothing was changed: delete one first.");
    }
  }
  const base::Status stored = parts_.store.write([&](store::Transaction& tx) {
    tx.settings().put(kKind, name, json::write(json::object{{"source", source}, {"rules", rules}}));
    return base::Status();
  });
  if (!stored) {
    return stored.error();
  }
  {
    const std::lock_guard lock(mutex_);
    custom_[name] = makeSource(name, rules, source);
  }
  told_();
  for (QuotaDefinition& row : list()) {
    if (row.name == name) {
      return std::move(row);
    }
  }
  return base::fail(base::Code::kConflict, "The quota was deleted meanwhile.");
}

base::Result<bool> QuotaDefinitions::erase(const std::string& name) {
  const std::lock_guard writing(writing_);
  if (custom(name) == nullptr) {
    return false;
  }
  const base::Status stored = parts_.store.write([&](store::Transaction& tx) {
    tx.settings().erase(kKind, name);
    return base::Status();
  });
  if (!stored) {
    return stored.error();
  }
  {
    const std::lock_guard lock(mutex_);
    custom_.erase(name);
  }
  told_();
  return true;
}

}  // namespace patchbay::engine
