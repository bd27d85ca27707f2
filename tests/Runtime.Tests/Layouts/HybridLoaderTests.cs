using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Layouts;

/// <summary>
/// What vLLM's loaders of hybrid, latent-attention, expert and quantised layers put on every rank, against one declaration for each of
/// them, from file to file and back. Where vLLM refuses a number of ranks, the answer is that of the notation read element by element.
/// </summary>
public sealed class HybridLoaderTests : IClassFixture<HybridLoaderTests.Goldens>, IDisposable
{
    private readonly Goldens _goldens;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-hybrid-");

    public HybridLoaderTests(Goldens goldens) => _goldens = goldens;

    public static TheoryData<string> Cases => [.. HybridGoldens.All.Select(golden => golden.Name)];

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_case_is_there()
    {
        var shares = _goldens.Cases.Keys.Where(name => !name.StartsWith("eplb-placement", StringComparison.Ordinal)).Order().ToArray();
        Assert.Equal(212, shares.Length);
        Assert.Equal(shares, HybridGoldens.All.Select(golden => golden.Name).Concat(["eplb-6-2.start", "eplb-6-3.start"]).Order());
        Assert.Equal(1366 - 16, shares.Sum(name => _goldens.Cases[name]["outputs"]!.AsObject().Count));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_rank_holds_what_their_loader_puts_there_and_all_together_give_the_tensors_back(string name)
    {
        var golden = HybridGoldens.All.Single(golden => golden.Name == name);
        var outputs = _goldens.Cases[name]["outputs"]!.AsObject().Select(output => output.Key).ToHashSet();
        var refused = _goldens.Cases[name]["refused"]?.AsObject().Select(size => int.Parse(size.Key)).ToArray() ?? [];
        var whole = _goldens.Inputs(golden);
        var file = Path.Combine(_directory.FullName, "whole.safetensors");
        using var scope = NewDisposeScope();
        CheckpointWriter.Write(file, whole.Select(tensor => (tensor.Key, tensor.Value)));
        using var checkpoint = Checkpoint.Open(file);
        var type = whole.First().Value.dtype;
        var bytes = whole.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.bytes.ToArray());
        var width = (int)whole.First().Value.element_size();
        foreach (var ranks in outputs.Select(key => int.Parse(key.Split('-')[^1])).Concat(refused).Distinct())
        {
            var lists = _goldens.Placement(golden, ranks);
            var folders = new List<string>();
            for (var rank = 0; rank < ranks; rank++)
            {
                using var model = new HybridRank(golden, golden.Rank(rank, ranks, ExpertPlacement.Listed([.. lists.Select(list => list.Select(expert => (long)expert).ToImmutableArray())])), type);
                LoadPlan.Create(model, checkpoint).Execute();
                var (shape, expected) = golden.Naive(rank, ranks, _ => lists, bytes, width);
                Assert.Equal(shape, model.Value.shape);
                Assert.Equal(expected, model.Value.bytes.ToArray());
                if (outputs.Contains($"{rank}-of-{ranks}"))
                {
                    using var theirs = _goldens.Tensor($"{name}/out/{rank}-of-{ranks}");
                    using var value = golden.IsNegativeExponential ? model.Value.exp().neg() : model.Value.alias();
                    Assert.Equal(theirs.shape, value.shape);
                    Assert.Equal(theirs.bytes.ToArray(), value.bytes.ToArray());
                }
                folders.Add(Path.Combine(_directory.FullName, $"{rank}-of-{ranks}"));
                model.Export(folders[rank]);
                using var slices = Checkpoint.Open(folders[rank]);
                using (var refit = ((IParameterModule)model).BeginRefit(RefitMode.InPlace))
                {
                    foreach (var (tensor, stored) in slices.Tensors)
                    {
                        using var slice = slices.View(stored);
                        refit.WriteSlice(tensor, slice);
                    }
                    refit.Commit();
                }
                Assert.Equal(expected, model.Value.bytes.ToArray());
            }
            var merged = Path.Combine(_directory.FullName, $"all-{ranks}");
            CheckpointMerge.Merge(folders, merged);
            using var together = Checkpoint.Open(merged);
            Assert.Equal(whole.Keys.Order(), together.Tensors.Keys.Order());
            foreach (var (tensor, stored) in together.Tensors)
            {
                using var view = together.View(stored);
                Assert.Equal(whole[tensor].shape, view.shape);
                Assert.Equal(bytes[tensor], view.bytes.ToArray());
            }
        }
    }

    [Fact]
    public void The_page_shows_every_loader_as_it_is_declared() => DocPage.HoldsTable(
        "conversions.md",
        "### Hybrid, latent, expert and quantised layers",
        HybridGoldens.All.GroupBy(golden => golden.Loader.What).Where(group => !Loaders.All.Contains(group.First().Loader)).Select(group =>
            group.First().Loader.Row($"their code, {group.Sum(golden => _goldens.Cases[golden.Name]["outputs"]!.AsObject().Count)} ranks")));

    /// <summary>The fixture, unpacked once.</summary>
    public sealed class Goldens : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-goldens-");
        private readonly Checkpoint _checkpoint;

        public Goldens()
        {
            var path = Path.Combine(_directory.FullName, "hybrid-shards.safetensors");
            using (var packed = Unpacked("hybrid-shards.safetensors.gz"))
            using (var file = File.Create(path))
                packed.CopyTo(file);
            _checkpoint = Checkpoint.Open(path);
            using var text = Unpacked("hybrid-shards.json.gz");
            Cases = JsonNode.Parse(text)!.AsArray().ToDictionary(golden => (string)golden!["case"]!, golden => golden!);
        }

        /// <summary>What the fixture says of each case.</summary>
        public IReadOnlyDictionary<string, JsonNode> Cases { get; }

        public void Dispose()
        {
            _checkpoint.Dispose();
            _directory.Delete(recursive: true);
        }

        public Tensor Tensor(string name) => _checkpoint.View(_checkpoint.Tensors[name]);

        /// <summary>The tensors of a case by their names in its declaration, which are below some module in the case.</summary>
        internal Dictionary<string, Tensor> Inputs(HybridCase golden)
        {
            var first = Lanyard.Layouts.Layout.Resolve(golden.Loader.Parameter, golden.Sources, RankAxes.Of(golden.Declared, golden.Sizes, Topology.Single)).Tensors[0].Name;
            var names = Cases[golden.Name]["inputs"]!.AsObject().Select(input => input.Key).ToArray();
            var below = names.Select(name => name.EndsWith(first, StringComparison.Ordinal) ? name.Length - first.Length : int.MaxValue).Min();
            return names.ToDictionary(name => name[below..], name => Tensor($"{golden.Name}/in/{name}"));
        }

        /// <summary>Which experts each rank holds: with redundant ones as the placement beside the case says, else the first ranks one more.</summary>
        internal int[][] Placement(HybridCase golden, int ranks)
        {
            if (!golden.IsExpertParallel) return [[]];
            if (Cases.ContainsKey(golden.Name.Split('.')[0] + ".start"))
            {
                using var start = Tensor($"{golden.Name.Split('.')[0]}.start/out/physical_to_logical");
                return [.. start.data<long>().Select(expert => (int)expert).Chunk((int)start.numel() / ranks)];
            }
            var experts = golden.Axes["experts"];
            return [.. Enumerable.Range(0, ranks).Select(rank => Enumerable.Range((rank * (experts / ranks)) + Math.Min(rank, experts % ranks), (experts / ranks) + (rank < experts % ranks ? 1 : 0)).ToArray())];
        }

        private static GZipStream Unpacked(string name) => new(File.OpenRead(Fixtures.Path("vllm", name)), CompressionMode.Decompress);
    }
}
