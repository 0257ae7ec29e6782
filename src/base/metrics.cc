#include "base/metrics.h"

#include "base/json.h"

namespace patchbay::base {

namespace {

std::string labelsText(const Metrics::Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out += (out.empty() ? "{" : ",") + name + "=\"";
    for (const char c : value) {
      switch (c) {
        case '\\':
          out += "\\\\";
          break;
        case '"':
          out += "\\\"";
          break;
        case '\n':
          out += "\\n";
          break;
        default:
          out += c;
      }
    }
    out += '"';
  }
  return out.empty() ? out : out + "}";
}

}  // namespace

void Metrics::add(const std::string& name, const std::string& help, const char* type,
                  Sample sample) {
  Family& family = families_[name];
  family.help = help;
  family.type = type;
  family.samples.push_back(std::move(sample));
}

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  Sample sample;
  sample.labels = labelsText(labels);
  for (const Sample& known : families_[name].samples) {
    if (known.counter != nullptr && known.labels == sample.labels) {
      return *known.counter;
    }
  }
  sample.counter = std::make_unique<Counter>();
  Counter& counter = *sample.counter;
  sample.read = [&counter] { return static_cast<double>(counter.value()); };
  add(name, help, "counter", std::move(sample));
  return counter;
}

void Metrics::gauge(const std::string& name, const std::string& help, ReadOn where, Read read) {
  add(name, help, "gauge", {"", where, std::move(read), nullptr});
}

void Metrics::total(const std::string& name, const std::string& help, ReadOn where, Read read) {
  add(name, help, "counter", {"", where, std::move(read), nullptr});
}

std::string Metrics::text(const OnLoop& onLoop) const {
  using Values = std::map<const Sample*, double>;
  const auto ofLoop = std::make_shared<Values>();
  const bool answered = onLoop([this, ofLoop] {
    for (const auto& [name, family] : families_) {
      for (const Sample& sample : family.samples) {
        if (sample.where == ReadOn::kLoop) {
          (*ofLoop)[&sample] = sample.read();
        }
      }
    }
  });
  std::string out;
  for (const auto& [name, family] : families_) {
    out += "# HELP " + name + " " + family.help + "\n# TYPE " + name + " " + family.type + "\n";
    for (const Sample& sample : family.samples) {
      if (sample.where == ReadOn::kLoop && !answered) {
        continue;
      }
      out += name + sample.labels + " ";
      json::writeNumber(sample.where == ReadOn::kLoop ? ofLoop->at(&sample) : sample.read(), out);
      out += "\n";
    }
  }
  return out;
}

}  // namespace patchbay::base
