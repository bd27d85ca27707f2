using System.Diagnostics;
using System.Globalization;
using Lanyard;
using Lanyard.Models.Llama;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// A whole pass beside TorchSharp's own products of the same shapes, in turns within one process: what is left over is what the layers cost.
const int Tokens = 512;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 9;
var config = SmallLlama.Config;
using var noGrad = no_grad();
using var ids = randint(0, config.VocabSize, new long[] { 1, Tokens }, dtype: ScalarType.Int64);
foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
{
    using var model = new LlamaForCausalLM(config).OnRank(type: type).InitialisedByHand();
    foreach (var (_, parameter) in model.AllParameters()) init.normal_(parameter.Value, 0, 0.02);
    var (pass, products) = (new List<double>(), new List<double>());
    for (var round = -2; round < rounds; round++)
    {
        var (whole, alone) = (Milliseconds(() => model.Run(ids).Dispose()), Milliseconds(Products(type)));
        if (round < 0) continue;
        pass.Add(whole);
        products.Add(alone);
    }
    if (type == ScalarType.BFloat16) LoadAndGenerate(model);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type}: pass {Median.Of(pass):f0} ms, products alone {Median.Of(products):f0} ms, ratio {Median.Of(products) / Median.Of(pass):f2} ({Tokens} tokens, {rounds} rounds)"));
}

// The same model from a folder, as a program opens it: the first time with all that a process does once.
void LoadAndGenerate(LlamaForCausalLM model)
{
    var folder = Directory.CreateTempSubdirectory("lanyard-forward-");
    var path = Path.Combine(folder.FullName, "model");
    try
    {
        SmallLlama.Write(model, path);
        ModelFamilies.Add<LlamaForCausalLM>();
        var loads = new List<double>();
        for (var round = 0; round < rounds; round++) loads.Add(Milliseconds(() => AutoModel.FromPretrained(path).Dispose()));
        var tokens = Milliseconds(() => model.Generate(ids[.., ..5], 8).Dispose());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from a folder: first {loads[0]:f0} ms, then {Median.Of(loads):f0} ms; 8 tokens behind 5 in {tokens:f0} ms"));
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}

// Projections, scores and values of attention, feed-forward, output: as many, of the same shapes.
Action Products(ScalarType type)
{
    var (hidden, heads, keys) = (config.HiddenSize, config.NumAttentionHeads * config.HeadDim, config.NumKeyValueHeads * config.HeadDim);
    (int In, int Out, int Times)[] shapes = [(hidden, heads + (2 * keys), 30), (heads, hidden, 30), (hidden, 2 * config.IntermediateSize, 30), (config.IntermediateSize, hidden, 30), (hidden, config.VocabSize, 1)];
    return () =>
    {
        using var scope = NewDisposeScope();
        foreach (var (inputs, outputs, times) in shapes)
        {
            var (x, w) = Held(type, inputs, outputs);
            for (var i = 0; i < times; i++) functional.linear(x, w).Dispose();
        }
        var (q, k) = Heads(type);
        for (var i = 0; i < 30; i++)
        {
            using var scores = q.bmm(k);
            scores.bmm(q).Dispose();
        }
    };
}

static (Tensor Input, Tensor Weight) Held(ScalarType type, int inputs, int outputs) => Kept.Of((type, inputs, outputs), () => (randn(1, Tokens, inputs).to(type), randn(outputs, inputs).to(type)));

static (Tensor Query, Tensor Key) Heads(ScalarType type) => Kept.Of((type, 0, 0), () => (randn(9, Tokens, 64).to(type), randn(9, 64, Tokens).to(type)));

static double Milliseconds(Action run)
{
    var watch = Stopwatch.StartNew();
    run();
    return watch.Elapsed.TotalMilliseconds;
}

/// <summary>Inputs that are made once.</summary>
internal static class Kept
{
    private static readonly Dictionary<(ScalarType, int, int), (Tensor, Tensor)> All = [];

    public static (Tensor, Tensor) Of((ScalarType, int, int) key, Func<(Tensor, Tensor)> make)
    {
        if (All.TryGetValue(key, out var kept)) return kept;
        var (first, second) = make();
        return All[key] = (first.DetachFromDisposeScope(), second.DetachFromDisposeScope());
    }
}
