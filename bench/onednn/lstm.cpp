// LSTM by oneDNN: one layer, float32, forward-training + backward, and forward-inference. Weights and their gradients stay in
// the layout that oneDNN prefers, so no reorder is timed: the most favourable way to use it.
//
// Build: g++ -O2 lstm.cpp -ldnnl -fopenmp -o lstm        (package libdnnl-dev)
// Speaks the protocol of ../serve.mjs; a case's numbers are found in its JSON by name.
#include <dnnl.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iostream>
#include <string>
#include <unordered_map>
#include <vector>
using namespace dnnl;
using Args = std::unordered_map<int, memory>;
using tag = memory::format_tag;

static engine cpu(engine::kind::cpu, 0);
static stream lane(cpu);
static const auto f32 = memory::data_type::f32;

static memory like(const memory::desc &desc) {
  memory m(desc, cpu);
  std::memset(m.get_data_handle(), 0, desc.get_size());
  return m;
}
static memory plain(memory::dims dims, tag format) { return like({dims, f32, format}); }
static float *floats(const memory &m) { return (float *)m.get_data_handle(); }
static size_t count(const memory &m) { return m.get_desc().get_size() / sizeof(float); }
static memory reordered(memory from, const memory::desc &to) {
  memory m = like(to);
  reorder(from, m).execute(lane, from, m);
  lane.wait();
  return m;
}
static double total(const memory &m, bool absolute) {
  double result = 0;
  for (size_t k = 0; k < count(m); k++) result += absolute ? std::fabs(floats(m)[k]) : floats(m)[k];
  return result;
}

/** The test data of all contenders: ../data.mjs. */
static void fill(memory m, unsigned state, float amplitude) {
  for (size_t k = 0; k < count(m); k++) {
    state = state * 1664525u + 1013904223u;
    floats(m)[k] = amplitude * (float)((state >> 8) / 8388608.0 - 1.0);
  }
}

/** The sequence fills PyTorch's [4H, K]; oneDNN takes ldigo, which is [K, 4H] with the same gate order i f g o. */
static memory weights(long K, long H, unsigned seed) {
  memory torch = plain({4 * H, K}, tag::ab), ldigo = plain({1, 1, K, 4, H}, tag::ldigo);
  fill(torch, seed, 1.f / std::sqrt((float)H));
  for (long g = 0; g < 4 * H; g++)
    for (long k = 0; k < K; k++) floats(ldigo)[k * 4 * H + g] = floats(torch)[g * K + k];
  return ldigo;
}

struct Case {
  long B, T, I, H;
  bool training;
};

/** One layer with all its memory; `run` does the forward pass, and the backward pass if training. */
struct Layer {
  Case size;
  memory x, y, bias, wx, wh, h0, c0, hT, cT;
  memory dx, dy, dbias, dwx, dwh;
  lstm_forward::primitive_desc forwardPlan;
  Args args;
  std::function<void()> run;

  explicit Layer(Case s) : size(s) {
    auto [B, T, I, H, training] = size;
    x = plain({T, B, I}, tag::tnc), y = plain({T, B, H}, tag::tnc), bias = plain({1, 1, 4, H}, tag::ldgo);
    for (memory *m : {&h0, &c0, &hT, &cT}) *m = plain({1, 1, B, H}, tag::ldnc);
    fill(x, 1, 1.f), fill(bias, 4, .1f);
    wx = weights(I, H, 2), wh = weights(H, H, 3);
    prepareForward();
    if (training) prepareBackward();
  }

  memory::desc any(long K) { return {{1, 1, K, 4, size.H}, f32, tag::any}; }

  void prepareForward() {
    auto kind = size.training ? prop_kind::forward_training : prop_kind::forward_inference;
    lstm_forward::desc what(kind, rnn_direction::unidirectional_left2right, x.get_desc(), h0.get_desc(), c0.get_desc(),
                            any(size.I), any(size.H), bias.get_desc(), y.get_desc(), hT.get_desc(), cT.get_desc());
    forwardPlan = {what, cpu};
    args = {{DNNL_ARG_SRC_LAYER, x}, {DNNL_ARG_SRC_ITER, h0}, {DNNL_ARG_SRC_ITER_C, c0}, {DNNL_ARG_BIAS, bias},
            {DNNL_ARG_DST_LAYER, y}, {DNNL_ARG_DST_ITER, hT}, {DNNL_ARG_DST_ITER_C, cT}};
    if (size.training) args[DNNL_ARG_WORKSPACE] = like(forwardPlan.workspace_desc());
    Args all = args;
    all[DNNL_ARG_WEIGHTS_LAYER] = reordered(wx, forwardPlan.weights_layer_desc());
    all[DNNL_ARG_WEIGHTS_ITER] = reordered(wh, forwardPlan.weights_iter_desc());
    run = [all, forward = lstm_forward(forwardPlan)]() {
      forward.execute(lane, all);
      lane.wait();
    };
  }

  void prepareBackward() {
    auto [B, T, I, H, training] = size;
    dx = plain({T, B, I}, tag::tnc), dy = plain({T, B, H}, tag::tnc), dbias = plain({1, 1, 4, H}, tag::ldgo);
    memory dh0 = plain({1, 1, B, H}, tag::ldnc), dc0 = plain({1, 1, B, H}, tag::ldnc);
    memory dhT = plain({1, 1, B, H}, tag::ldnc), dcT = plain({1, 1, B, H}, tag::ldnc);
    fill(dy, 5, 1.f);
    lstm_backward::desc what(prop_kind::backward, rnn_direction::unidirectional_left2right, x.get_desc(), h0.get_desc(),
                             c0.get_desc(), any(I), any(H), bias.get_desc(), y.get_desc(), hT.get_desc(), cT.get_desc(),
                             dx.get_desc(), dh0.get_desc(), dc0.get_desc(), any(I), any(H), dbias.get_desc(),
                             dy.get_desc(), dhT.get_desc(), dcT.get_desc());
    lstm_backward::primitive_desc plan(what, cpu, forwardPlan);
    dwx = like(plan.diff_weights_layer_desc()), dwh = like(plan.diff_weights_iter_desc());
    Args all = args;
    all[DNNL_ARG_WEIGHTS_LAYER] = reordered(wx, plan.weights_layer_desc());
    all[DNNL_ARG_WEIGHTS_ITER] = reordered(wh, plan.weights_iter_desc());
    all.insert({{DNNL_ARG_DIFF_SRC_LAYER, dx}, {DNNL_ARG_DIFF_SRC_ITER, dh0}, {DNNL_ARG_DIFF_SRC_ITER_C, dc0},
                {DNNL_ARG_DIFF_WEIGHTS_LAYER, dwx}, {DNNL_ARG_DIFF_WEIGHTS_ITER, dwh}, {DNNL_ARG_DIFF_BIAS, dbias},
                {DNNL_ARG_DIFF_DST_LAYER, dy}, {DNNL_ARG_DIFF_DST_ITER, dhT}, {DNNL_ARG_DIFF_DST_ITER_C, dcT}});
    run = [all, forward = run, backward = lstm_backward(plan), gradients = std::vector<memory>{dwx, dwh, dbias}]() {
      // oneDNN adds to the gradients of the weights.
      for (const memory &m : gradients) std::memset(m.get_data_handle(), 0, m.get_desc().get_size());
      forward();
      backward.execute(lane, all);
      lane.wait();
    };
  }

  void answer() {
    auto [B, T, I, H, training] = size;
    std::printf("{\"ready\":true,\"checks\":{\"sumY\":%.9g", total(y, false));
    if (training)
      std::printf(",\"sumAbsDWx\":%.9g,\"sumAbsDWh\":%.9g,\"sumAbsDb\":%.9g,\"sumAbsDX\":%.9g",
                  total(reordered(dwx, {{1, 1, I, 4, H}, f32, tag::ldigo}), true),
                  total(reordered(dwh, {{1, 1, H, 4, H}, f32, tag::ldigo}), true), total(dbias, true), total(dx, true));
    std::printf("}}\n");
  }
};

static bool has(const std::string &json, const std::string &text) { return json.find(text) != std::string::npos; }
static long number(const std::string &json, const std::string &name) {
  return std::stol(json.substr(json.find('"' + name + "\":") + name.size() + 3));
}

static std::function<void()> prepare(const std::string &json) {
  bool training = has(json, "\"kind\":\"layer\""), inference = has(json, "\"kind\":\"forward\"");
  if (!has(json, "\"cell\":\"lstm\"") || !(training || inference)) {
    std::printf("{\"unsupported\":\"only the LSTM layer and its forward pass are measured\"}\n");
    return {};
  }
  Layer layer({number(json, "B"), number(json, "T"), number(json, "I"), number(json, "H"), training});
  layer.run();
  layer.answer();
  return layer.run;
}

static void time(const std::function<void()> &run, int times) {
  for (int k = 0; k < times; k++) {
    auto begin = std::chrono::steady_clock::now();
    run();
    std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("%s%.6f", k == 0 ? "[" : ",", took.count());
  }
  std::printf("]\n");
}

int main() {
  std::function<void()> run;
  std::string word, rest;
  auto version = dnnl_version();
  std::printf("{\"versions\":{\"oneDNN\":\"%d.%d.%d\"}}\n", version->major, version->minor, version->patch);
  std::fflush(stdout);
  while (std::cin >> word && std::getline(std::cin, rest)) {
    if (word == "run") time(run, std::stoi(rest));
    else run = prepare(rest);
    std::fflush(stdout);
  }
}
