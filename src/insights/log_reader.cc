#include "insights/log_reader.h"

#include "insights/wildcard.h"

namespace patchbay::insights {

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr int kStepsBetweenLooks = 10'000;

std::string_view textOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void wild(sqlite3_context* context, int, sqlite3_value** values) {
  sqlite3_result_int(context, matchesWildcard(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

}  // namespace

LogReader::LogReader(const std::string& path)
    : connection_(path, "", store::sqlite::Mode::kReader),
      until_(std::chrono::steady_clock::now() + kPatience) {
  sqlite3_create_function_v2(connection_.handle(), "wild", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, wild,
                             nullptr, nullptr, nullptr);
  sqlite3_progress_handler(connection_.handle(), kStepsBetweenLooks, onProgress, this);
}

int LogReader::onProgress(void* self) {
  auto* reader = static_cast<LogReader*>(self);
  reader->late_ = std::chrono::steady_clock::now() > reader->until_;
  return reader->late_ ? 1 : 0;
}

void LogReader::each(const std::string& sql, const std::vector<Parameter>& parameters,
                     const std::function<bool(const store::sqlite::Query&)>& row) {
  try {
    store::sqlite::Statement statement(connection_, sql.c_str());
    store::sqlite::Query query(statement);
    for (const Parameter& parameter : parameters) {
      if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
        query.bind(*number);
      } else {
        query.bind(std::string_view(std::get<std::string>(parameter)));
      }
    }
    while (query.next() && row(query)) {
    }
  } catch (const store::StoreError&) {
    if (late_) {
      throw store::StoreError(base::Code::kUnavailable,
                              "The search of the logs took longer than 10 s and was given up. Name a flow or a "
                              "shorter time.");
    }
    throw;
  }
}

}  // namespace patchbay::insights
