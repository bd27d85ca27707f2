using System.Text;
using Lanyard.Checkpoints;
using Lanyard.Tests.Collections;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Lanyard.Tests.Numbers;

/// <summary>Whatever the collector does meanwhile, every operation gives the same bits. Alone, because other tests make Scalars as they like.</summary>
[Collection(nameof(CollectionTests))]
[CollectionDefinition(nameof(CollectionTests), DisableParallelization = true)]
public sealed class CollectionTests(ITestOutputHelper output) : IDisposable
{
    private readonly TensorFiles _files = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-collections-");

    public void Dispose()
    {
        _files.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Loads_with_offsets_scales_and_rounding()
    {
        var checkpoint = Encoded(1);
        Check(() =>
        {
            using var layer = new EncodedLayer();
            LoadPlan.Create(layer, checkpoint).Execute();
            return Bits.Of(layer);
        });
    }

    [Fact]
    public void Loads_of_mxfp4()
    {
        const string Prefix = "model.layers.1.mlp.experts.";
        var checkpoint = _files.Stored(TensorFiles.Below(_files.Fixture("gpt-oss-mxfp4"), Prefix));
        Check(() =>
        {
            using var experts = new GptOssExperts(5, 96, 64, new Topology(1, 2));
            LoadPlan.Create(experts, checkpoint).Execute();
            return Bits.Of(experts);
        });
    }

    [Fact]
    public void Loads_of_fp8_with_block_scales()
    {
        var sizes = DeepSeekSizes.Read(Fixtures.Path("deepseek-v3-fp8", "config.json"));
        var checkpoint = _files.Stored(TensorFiles.Below(_files.Fixture("deepseek-v3-fp8"), "model.layers.1.self_attn."));
        Check(() =>
        {
            using var attention = new DeepSeekAttention(sizes, new Topology(1, 3));
            LoadPlan.Create(attention, checkpoint).Execute();
            return Bits.Of(attention);
        });
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Refits(RefitMode mode)
    {
        using var layer = new EncodedLayer();
        Checkpoint first = Encoded(1), second = Encoded(2);
        LoadPlan.Create(layer, first).Execute();
        Check(() =>
        {
            Dictionary<string, byte[]> bits = [];
            foreach (var checkpoint in new[] { second, first })
            {
                using var refit = layer.BeginRefit(mode);
                foreach (var (name, stored) in checkpoint.Tensors)
                {
                    using var tensor = checkpoint.View(stored);
                    refit.Write(name, tensor);
                }
                refit.Commit();
                foreach (var (name, value) in Bits.Of(layer)) bits[$"{checkpoint == first} {name}"] = value;
            }
            return bits;
        });
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Patches(RefitMode mode)
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        using Tensor indices = tensor(new long[] { 3, 0, 7 }), values = tensor([0.5f, 1.5f, 2.5f]);
        Check(() =>
        {
            using var refit = scene.Model.BeginRefit(mode, RefitScope.Subset);
            foreach (var name in scene.First.Keys.Where(name => name.EndsWith("proj.weight", StringComparison.Ordinal))) refit.Patch(name, indices, values);
            refit.Commit();
            return Bits.Of(scene.Model);
        });
    }

    [Fact]
    public void Patches_and_a_count_of_what_is_not_finite()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        using Tensor indices = tensor(new long[] { 3, 0, 7 }), values = tensor([0.5f, float.NaN, 2.5f]);
        var name = scene.First.Keys.First(name => name.EndsWith("proj.weight", StringComparison.Ordinal));
        Check(() =>
        {
            using var refit = scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset, new LoadOptions { CountNonFinite = true });
            refit.Patch(name, indices, values);
            Assert.Equal(1, refit.Commit().NonFinite.Sum(parameter => parameter.Elements));
            return Bits.Of(scene.Model);
        });
    }

    [Fact]
    public void Refits_of_tied_tensors()
    {
        using var model = new TiedModel().InitialisedByHand();
        using Tensor first = randn(5, 3), ignored = ones(2);
        _files.Load(model, new Dictionary<string, Tensor> { ["model.embed_tokens.weight"] = first, ["model.layers.3.norm.weight"] = ignored });
        Check(() =>
        {
            using var refit = model.BeginRefit();
            refit.Write("model.embed_tokens.weight", first);
            refit.Write("lm_head.weight", first);
            refit.Commit();
            return Bits.Of(model);
        });
    }

    [Fact]
    public void Slices_exports_and_merges()
    {
        using var scene = new TinyScene();
        Topology[] topologies = [new(0, 2), new(1, 2)];
        var ranks = topologies.Select(topology => new TinyModel(scene.Sizes, topology)).ToList();
        foreach (var rank in ranks) scene.Load(scene.First, rank);
        Check(() =>
        {
            var folders = ranks.Select((rank, i) => Export(rank, $"rank-{i}")).ToList();
            foreach (var (rank, folder) in ranks.Zip(folders))
            {
                using var checkpoint = Checkpoint.Open(folder);
                using var refit = rank.BeginRefit();
                foreach (var (name, stored) in checkpoint.Tensors)
                {
                    using var slice = checkpoint.View(stored);
                    refit.WriteSlice(name, slice);
                }
                refit.Commit();
            }
            CheckpointMerge.Merge(folders, At("whole"));
            return Stored("whole");
        });
        foreach (var rank in ranks) rank.Dispose();
    }

    [Fact]
    public void Exports_with_offsets_and_of_tensors_that_two_parameters_take()
    {
        using var encoded = new EncodedLayer();
        LoadPlan.Create(encoded, Encoded(1)).Execute();
        using var latent = new LatentLayer(true);
        _files.Load(latent, new Dictionary<string, Tensor> { ["kv_b_proj.weight"] = randn(20, 5), ["embed.weight"] = randn(5, 3), ["bias"] = randn(5) });
        Check(() =>
        {
            Export(encoded, "encoded");
            Export(latent, "latent");
            return Stored("encoded", "latent");
        });
    }

    [Fact]
    public void Checksums_of_what_is_padded_and_of_what_is_decoded()
    {
        using var placed = new PlacedLayer(new Topology(0, 2));
        var sent = _files.Stored(new Dictionary<string, Tensor> { ["experts"] = randn(3, 5), ["embed"] = randn(10, 3), ["head"] = randn(10, 3) });
        LoadPlan.Create(placed, sent).Execute();
        using var encoded = new EncodedLayer();
        var coded = Encoded(1);
        LoadPlan.Create(encoded, coded).Execute();
        Check(() => new Dictionary<string, byte[]> { ["placed"] = Proof(placed, sent), ["encoded"] = Proof(encoded, coded) });

        static byte[] Proof(IParameterModule model, Checkpoint sent)
        {
            var held = model.Checksums();
            held.Compare(WeightChecksums.Of(sent, held)).ThrowUnlessProven();
            return Encoding.UTF8.GetBytes(string.Join('\n', held.Slots.Select(slot => $"{slot} {slot.Hash}")));
        }
    }

    [Fact]
    public void Moves_to_another_type()
    {
        var checkpoint = Encoded(1);
        Check(() =>
        {
            using var layer = new EncodedLayer();
            LoadPlan.Create(layer, checkpoint).Execute();
            layer.to(ScalarType.Float32);
            var wide = Bits.Of(layer);
            layer.to(ScalarType.BFloat16);
            return Bits.Of(layer).Concat(wide.Select(item => KeyValuePair.Create("wide " + item.Key, item.Value))).ToDictionary();
        });
    }

    private void Check(Func<IReadOnlyDictionary<string, byte[]>> work) => ForcedCollections.ChangeNothing(work, output);

    private string At(string name) => Path.Combine(_directory.FullName, name);

    private string Export(IParameterModule model, string name)
    {
        model.Export(At(name));
        return At(name);
    }

    private Dictionary<string, byte[]> Stored(params string[] names) =>
        names.SelectMany(name => Directory.GetFiles(At(name))).ToDictionary(path => Path.GetRelativePath(_directory.FullName, path), File.ReadAllBytes);

    private Checkpoint Encoded(int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        return _files.Stored(new Dictionary<string, Tensor>
        {
            ["weight"] = randint(-128, 128, [3, 4], dtype: ScalarType.Int8),
            ["weight_scale"] = rand(3),
            ["norm"] = randn(4).to_type(ScalarType.BFloat16),
            ["bias"] = randn(3),
            ["plain"] = randn(4).to_type(ScalarType.BFloat16),
        });
    }
}
