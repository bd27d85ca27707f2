using Lanyard.Checkpoints;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>What a rank exports can be brought to it slice by slice, and gives what whole tensors give, on every rank of every model.</summary>
public sealed class SliceRefitTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private int _exports;

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    /// <summary>Heads 4, key and value heads 2, so that four ranks share them; experts 3, uneven over two ranks, and none for the last of four; post-load pads.</summary>
    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(2, 1, null)]
    [InlineData(4, 1, null)]
    [InlineData(1, 2, null)]
    [InlineData(1, 4, null)]
    [InlineData(4, 3, null)]
    [InlineData(2, 1, "per-expert")]
    [InlineData(1, 4, "per-expert")]
    [InlineData(4, 3, "per-expert")]
    public void Fused_shared_and_uneven_axes(int tensor, int expert, string? format) =>
        EveryRank(tensor, expert, ExpertPlacement.Linear, topology => new TinyModel(_scene.Tiny.Sizes, topology), _scene.Tiny.First, _scene.Tiny.Second, format);

    [Theory]
    [InlineData(1, 3, "round robin", null)]
    [InlineData(1, 2, "round robin", "per-expert")]
    [InlineData(4, 2, "4 2 0,1 3 0", null)]
    [InlineData(12, 1, "linear", null)]
    [InlineData(1, 3, "3 1 4,4 0,0 2", "per-expert")]
    public void Placed_experts_rounded_vocabularies_and_kernel_layouts(int tensor, int expert, string rule, string? format)
    {
        Dictionary<string, Tensor> Weights() => new() { ["experts"] = torch.randn(3, 5), ["embed"] = torch.randn(10, 3), ["head"] = torch.randn(10, 3) };
        EveryRank(tensor, expert, Placement(rule), topology => new PlacedLayer(topology), Weights(), Weights(), format);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Tensors_that_feed_two_parameters_and_tied_ones(int tensor)
    {
        Dictionary<string, Tensor> Weights() => new() { ["kv_b_proj.weight"] = torch.randn(20, 5), ["embed.weight"] = torch.randn(5, 3), ["bias"] = torch.randn(5) };
        EveryRank(tensor, 1, ExpertPlacement.Linear, topology => new LatentLayer(true, topology), Weights(), Weights(), null);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Declared_kernel_layouts(int tensor) =>
        EveryRank(tensor, 1, ExpertPlacement.Linear, topology => new TinyProjection(6, 5, topology), new() { ["weight"] = torch.randn(6, 5) }, new() { ["weight"] = torch.randn(6, 5) }, null);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public void Interleaved_dimensions(int tensor, int expert)
    {
        Dictionary<string, Tensor> Weights() => new()
        {
            ["gate_up_proj"] = torch.randn(3, 32, 192),
            ["gate_up_proj_bias"] = torch.randn(3, 192),
            ["down_proj"] = torch.randn(3, 96, 32),
            ["down_proj_bias"] = torch.randn(3, 32),
        };
        EveryRank(tensor, expert, ExpertPlacement.Linear, topology => new GptOssExperts(3, 96, 32, topology), Weights(), Weights(), "bf16");
    }

    [Fact]
    public void A_slice_has_two_runs_of_a_fused_dimension_and_the_shared_head()
    {
        using var model = new TinyModel(_scene.Tiny.Sizes, new Topology(3, 4, 1, 2));
        _scene.Tiny.Load(_scene.Tiny.First, model);
        using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        var (gateUp, k) = (_scene.Tiny.Second["layers.0.mlp.experts.gate_up_proj"], _scene.Tiny.Second["layers.1.self_attn.k_proj.weight"]);

        refit.WriteSlice("language_model.layers.0.mlp.experts.gate_up_proj", cat([gateUp[2..3, .., 9..12], gateUp[2..3, .., 21..24]], -1));
        refit.WriteSlice("language_model.layers.1.self_attn.k_proj.weight", k[6..12]);
        Assert.Equal(2, refit.Commit().Tensors);

        Assert.True(model.Layers[0].FeedForward.W13Weight.Equals(cat([gateUp[2..3, .., 9..12], gateUp[2..3, .., 21..24]], -1).transpose(1, 2)));
        Assert.True(model.Layers[1].Attention.QkvWeight[6..12].Equals(k[6..12]));
    }

    [Theory]
    [InlineData(RefitMode.Staged, false)]
    [InlineData(RefitMode.Staged, true)]
    [InlineData(RefitMode.InPlace, false)]
    [InlineData(RefitMode.InPlace, true)]
    public void Chunks_come_in_any_order_from_several_threads(RefitMode mode, bool slices)
    {
        var topology = new Topology(1, 2, 0, 2);
        using TinyModel expected = new(_scene.Tiny.Sizes, topology), model = new(_scene.Tiny.Sizes, topology);
        foreach (var made in new[] { expected, model }) _scene.Tiny.Load(_scene.Tiny.First, made);
        var exported = Refitted(expected, _scene.Tiny.Second, null);
        using var checkpoint = Checkpoint.Open(exported);
        var tensors = slices ? checkpoint.Tensors.ToDictionary(item => item.Key, item => checkpoint.View(item.Value)) : _scene.Tiny.Second;
        var random = new Random(7);
        for (var times = 0; times < 5; times++)
        {
            using var refit = model.BeginRefit(mode);
            var chunks = tensors.SelectMany(item => Chunks(item.Key, item.Value, random)).ToArray();
            random.Shuffle(chunks);
            Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = 4 }, chunk =>
            {
                using var part = chunk.Tensor.narrow(0, chunk.Start[0], chunk.Count);
                if (slices) refit.WriteSlice(chunk.Name, part, chunk.Start);
                else refit.Write(chunk.Name, part, chunk.Start);
            });
            Assert.Equal(tensors.Count, refit.Commit().Tensors);
            Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(model));
        }
        foreach (var tensor in slices ? tensors.Values.AsEnumerable() : []) tensor.Dispose();
    }

    /// <summary>On every rank: refits one model by whole tensors, another by the slices that the first exports, and exports that one.</summary>
    private void EveryRank<T>(int tensor, int expert, ExpertPlacement placement, Func<Topology, T> make, Dictionary<string, Tensor> first, Dictionary<string, Tensor> second, string? format)
        where T : nn.Module, IParameterModule
    {
        var ranks = new List<(Topology Topology, string Exported, string Bits)>();
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            var topology = new Topology(rank % tensor, tensor, rank / tensor, expert) { ExpertPlacement = placement };
            using T expected = make(topology), model = make(topology);
            foreach (var made in new[] { expected, model }) _scene.Tiny.Load(first, made);
            var exported = Refitted(expected, second, format);
            ranks.Add((topology, exported, Bits(expected)));
            foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
            {
                var addresses = model.AllParameters().Where(item => item.Parameter.Value.numel() > 0).ToDictionary(item => item.Name, item => TensorAddress.Of(item.Parameter.Value));
                using (var refit = model.BeginRefit(mode))
                {
                    using var checkpoint = Checkpoint.Open(exported);
                    Parallel.ForEach(checkpoint.Tensors.Values, stored =>
                    {
                        using var view = checkpoint.View(stored);
                        refit.WriteSlice(stored.Name, view);
                    });
                    refit.Commit();
                }
                Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(model));
                Assert.All(addresses, item => Assert.Equal(item.Value, TensorAddress.Of(model.AllParameters().Single(known => known.Name == item.Key).Parameter.Value)));
                var again = Export(model, format);
                Assert.Equal(ExportScene.Stored(exported), ExportScene.Stored(again));
                using (var refit = model.BeginRefit(mode))
                {
                    foreach (var (name, value) in first) refit.Write(name, value);
                    refit.Commit();
                }
            }
        }
        EveryOther(make, ranks);
    }

    /// <summary>What a rank has written comes to each rank, which takes what it holds itself and refuses all else.</summary>
    private void EveryOther<T>(Func<Topology, T> make, List<(Topology Topology, string Exported, string Bits)> ranks)
        where T : nn.Module, IParameterModule
    {
        foreach (var own in ranks)
        {
            foreach (var other in ranks)
            {
                using var checkpoint = Checkpoint.Open(other.Exported);
                using T loaded = make(own.Topology), refitted = make(own.Topology), viewed = make(own.Topology);
                using (var mine = Checkpoint.Open(own.Exported)) LoadPlan.Create(viewed, mine).Execute();
                Outcome(loaded, () => LoadPlan.Create(loaded, checkpoint).Execute());
                Outcome(refitted, () =>
                {
                    using var refit = refitted.BeginRefit();
                    refit.Write(checkpoint);
                    refit.Commit();
                });
                Outcome(viewed, () =>
                {
                    using var refit = viewed.BeginRefit();
                    foreach (var stored in checkpoint.Tensors.Values)
                    {
                        using var view = checkpoint.View(stored);
                        refit.WriteSlice(stored.Name, view);
                    }
                    refit.Commit();
                });

                void Outcome(T model, Action bring)
                {
                    var refused = Record.Exception(bring);
                    if (refused is null) Assert.Equal(own.Bits, Bits(model));
                    else Assert.NotEqual(own, other);
                    if (refused is not null) Assert.All(Assert.IsType<LoadException>(refused).Problems, problem => Assert.Contains(problem.Kind, new[] { LoadProblemKind.WrongSlice, LoadProblemKind.WrongShape, LoadProblemKind.Missing, LoadProblemKind.Unexpected }));
                }
            }
        }
    }

    private static string Bits(IParameterModule model) => string.Join('\n', model.AllParameters().Select(item => $"{item.Name} {string.Join(',', item.Parameter.Value.shape)} {Convert.ToHexString(item.Parameter.Value.contiguous().bytes)}"));

    private string Refitted<T>(T model, Dictionary<string, Tensor> weights, string? format)
        where T : nn.Module, IParameterModule
    {
        using (var refit = model.BeginRefit())
        {
            foreach (var (name, value) in weights) refit.Write(name, value);
            refit.Commit();
        }
        return Export(model, format);
    }

    private string Export(IParameterModule model, string? format)
    {
        var directory = _scene.At($"rank-{_exports++}");
        model.Export(directory, new ExportOptions { Format = format });
        return directory;
    }

    private static IEnumerable<(string Name, Tensor Tensor, long[] Start, long Count)> Chunks(string name, Tensor tensor, Random random)
    {
        for (var (from, count) = (0L, 0L); from < tensor.shape[0]; from += count)
        {
            count = Math.Min(tensor.shape[0] - from, random.Next(1, 5));
            yield return (name, tensor, [from, .. tensor.shape.Skip(1).Select(_ => 0L)], count);
        }
    }

    private static ExpertPlacement Placement(string rule) => rule switch
    {
        "linear" => ExpertPlacement.Linear,
        "round robin" => ExpertPlacement.RoundRobin,
        _ => ExpertPlacement.Listed([.. rule.Split(',').Select(rank => rank.Split(' ').Select(long.Parse)).Select(rank => System.Collections.Immutable.ImmutableArray.CreateRange(rank))]),
    };
}
