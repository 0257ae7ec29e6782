#include "base/metrics.h"

#include <algorithm>

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

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1,
                                                                       std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

void Histogram::write(const std::string& name, const std::string& labels, std::string& out) const {
  const std::string others = labels.empty() ? "" : labels.substr(1, labels.size() - 2) + ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i].load(std::memory_order_relaxed);
    out += name + "_bucket{" + others + "le=\"";
    if (i < bounds_.size()) {
      json::writeNumber(bounds_[i], out);
    } else {
      out += "+Inf";
    }
    out += "\"} " + std::to_string(total) + "\n";
  }
  out += name + "_sum" + labels + " ";
  json::writeNumber(sum_.load(std::memory_order_relaxed), out);
  out += "\n" + name + "_count" + labels + " " + std::to_string(total) + "\n";
}

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

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              std::vector<double> bounds, const Labels& labels) {
  Sample sample;
  sample.labels = labelsText(labels);
  for (const Sample& known : families_[name].samples) {
    if (known.histogram != nullptr && known.labels == sample.labels) {
      return *known.histogram;
    }
  }
  sample.histogram = std::make_unique<Histogram>(std::move(bounds));
  Histogram& histogram = *sample.histogram;
  add(name, help, "histogram", std::move(sample));
  return histogram;
}

void Metrics::gauge(const std::string& name, const std::string& help, ReadOn where, Read read) {
  add(name, help, "gauge", {"", where, std::move(read), nullptr, nullptr});
}

void Metrics::total(const std::string& name, const std::string& help, ReadOn where, Read read) {
  add(name, help, "counter", {"", where, std::move(read), nullptr, nullptr});
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
      if (sample.histogram != nullptr) {
        sample.histogram->write(name, sample.labels, out);
        continue;
      }
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
