using System.Runtime.InteropServices;
using Lanyard.Models.Llama4;
using static TorchSharp.torch;

namespace Lanyard.Benchmarks;

/// <summary>A Llama 4 of 1.1B parameters, small in its number of layers alone, and the transfers of it that are measured.</summary>
internal static class CopiedModel
{
    /// <summary>The transfers: one whole model, and one from tensor-parallel ranks to expert-parallel ones, which both processes send and receive at once, of rows and columns.</summary>
    public static (string Name, TransferRank[] Sources, TransferRank[] Targets)[] Transfers =>
    [
        ("one way, a whole model", [.. TransferSide.RanksOf(1)], [.. TransferSide.RanksOf(1, first: 1)]),
        ("both ways, tensor 2 to expert 2", [.. TransferSide.RanksOf(2)], [.. TransferSide.RanksOf(1, 2)]),
    ];

    public static TransferPlan Plan(TransferRank[] sources, TransferRank[] targets) => TransferPlan.Between(
        new TransferSide(topology => Make(topology, kernelLayouts: false, META), [.. sources]),
        new TransferSide(topology => Make(topology, kernelLayouts: true, META), [.. targets]));

    /// <summary>The model of a process on one side, with one number everywhere; null where it is not there.</summary>
    public static Llama4ForCausalLM? Of(int process, TransferRank[] side, bool kernelLayouts, ushort value)
    {
        if (side.FirstOrDefault(rank => rank.Process == process) is not { } rank) return null;
        var model = Make(rank.Topology, kernelLayouts, CPU).InitialisedByHand();
        foreach (var (_, span) in Elements(model)) span().Fill(value);
        return model;
    }

    /// <summary>Writes to each parameter a number of its own, the same in all processes.</summary>
    public static void Number(Llama4ForCausalLM model)
    {
        foreach (var (name, span) in Elements(model)) span().Fill(Number(name));
    }

    /// <summary>Whether each parameter has its number everywhere.</summary>
    public static bool IsNumbered(Llama4ForCausalLM model) => Elements(model).All(parameter => !parameter.Span().ContainsAnyExcept(Number(parameter.Name)));

    // From 1 on: 0 is padding.
    private static ushort Number(string name) => (ushort)(1 + (System.IO.Hashing.XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan())) % 30_000));

    private static unsafe IEnumerable<(string Name, Func<Span<ushort>> Span)> Elements(Llama4ForCausalLM model) =>
        model.AllParameters().Select(parameter => (parameter.Name, (Func<Span<ushort>>)(() => new Span<ushort>((void*)TensorAddress.Of(parameter.Parameter.Value), (int)parameter.Parameter.Value.numel()))));

    private static Llama4ForCausalLM Make(Topology topology, bool kernelLayouts, Device device) => new Llama4ForCausalLM(new Llama4Config
    {
        VocabSize = 32_000,
        HiddenSize = 2048,
        IntermediateSize = 2048,
        IntermediateSizeMlp = 4096,
        NumAttentionHeads = 32,
        NumKeyValueHeads = 8,
        HeadDim = 64,
        NumLocalExperts = 8,
        NumExpertsPerTok = 1,
        Layers = [.. Enumerable.Range(0, 8).Select(layer => new Llama4LayerConfig(layer % 4 < 3, layer % 4 < 3, IsMoe: true))],
    }).OnRank(topology, ScalarType.BFloat16, device, kernelLayouts);
}
