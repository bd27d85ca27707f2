using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Gguf;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Whole models from GGUF files are, to the bit, what they are from the files of other formats.</summary>
public sealed class GgufModelTests : IDisposable
{
    private static readonly LoadOptions Pairs = new() { Format = "gguf-llama", AllowNarrowing = true };

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("llama3", 0, 1)]
    [InlineData("llama3", 0, 2)]
    [InlineData("mixtral", 0, 1)]
    [InlineData("mixtral", 0, 3)]
    [InlineData("qwen3-moe", 1, 1)]
    [InlineData("qwen3-moe", 1, 2)]
    public void Every_parameter_is_the_one_of_the_safetensors_file(string name, int denseLayers, int ranks)
    {
        var (file, named) = (_files.Fixture($"gguf/{name}.gguf"), _files.Fixture(name));
        var (sizes, options) = (GgufSizes.Of(file), file.TypedMetadata["general.architecture"].Text == "llama" ? Pairs : Pairs with { Format = "gguf" });
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                using var model = new GgufModel(sizes, new Topology(rank, ranks), type, denseLayers);
                using var expected = new GgufModel(sizes, new Topology(rank, ranks), type, denseLayers);
                LoadPlan.Create(model, file, options).Execute();
                LoadPlan.Create(expected, named).Execute();

                Assert.Equal(Bits.Of(expected), Bits.Of(model));
            }
        }
    }

    /// <summary>One class reads and writes the names of both, whichever it was loaded from.</summary>
    [Theory]
    [InlineData("llama3", 0, "")]
    [InlineData("mixtral", 0, "mixtral")]
    [InlineData("qwen3-moe", 1, "")]
    public void What_was_loaded_from_one_file_is_exported_as_either_and_refitted_from_either(string name, int denseLayers, string format)
    {
        var (file, named) = (_files.Fixture($"gguf/{name}.gguf"), _files.Fixture(name));
        var (sizes, options) = (GgufSizes.Of(file), new LoadOptions { Format = file.TypedMetadata["general.architecture"].Text == "llama" ? "gguf-llama" : "gguf", AllowNarrowing = true });
        using GgufModel model = new(sizes, denseLayers: denseLayers), expected = new(sizes, denseLayers: denseLayers);
        LoadPlan.Create(model, file, options).Execute();
        LoadPlan.Create(expected, named).Execute();

        foreach (var (written, original) in new[] { (format, named), ("gguf", file) })
        {
            var folder = Directory.CreateTempSubdirectory("lanyard-");
            model.Export(folder.FullName, new ExportOptions { Format = written });
            using (var exported = Checkpoint.Open(folder.FullName))
            {
                Assert.Equal(original.Tensors.Keys.Except(["rope_freqs.weight"]).Order(), exported.Tensors.Keys.Order());
                using var again = new GgufModel(sizes, denseLayers: denseLayers);
                LoadPlan.Create(again, exported, new LoadOptions { Format = written }).Execute();
                Assert.Equal(Bits.Of(expected), Bits.Of(again));
                Assert.True(again.Checksums(written).Compare(WeightChecksums.Of(exported, again.Checksums(written))).IsProof);
            }
            folder.Delete(recursive: true);
        }

        var asked = expected.Checksums(format);
        Assert.True(asked.Compare(WeightChecksums.Of(named, asked)).IsProof);
        var bits = Bits.Of(expected);
        foreach (var (mode, source, taken) in new[] { (RefitMode.InPlace, named, null), (RefitMode.Staged, file, options), (RefitMode.InPlace, file, options), (RefitMode.Staged, named, null) })
        {
            foreach (var (_, parameter) in model.AllParameters()) parameter.Value.zero_().Dispose();
            using (var refit = model.BeginRefit(mode, options: taken))
            {
                refit.Write(source);
                refit.Commit();
            }
            Assert.Equal(bits, Bits.Of(model));
        }
    }

    /// <summary>Each matrix in a type that only the file knows: what is loaded is what its values are, whatever a rank holds and in whatever type.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void One_file_mixes_types_from_layer_to_layer(ScalarType type)
    {
        var file = _files.Fixture("gguf/llama3-mixed.gguf");
        var (sizes, values) = (GgufSizes.Of(file), _files.Stored(Decoded(file)));
        Assert.Equal(8, file.Tensors.Values.Select(tensor => tensor.DType).Distinct().Count());
        for (var rank = -1; rank < 2; rank++)
        {
            var topology = rank < 0 ? null : new Topology(rank, 2);
            using GgufModel model = new(sizes, topology, type), expected = new(sizes, topology, type);
            LoadPlan.Create(model, file, Pairs).Execute();
            LoadPlan.Create(expected, values, Pairs).Execute();

            Assert.Equal(Bits.Of(expected), Bits.Of(model));
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_takes_it_into_the_storage_that_is_there(RefitMode mode)
    {
        var file = _files.Fixture("gguf/llama3-mixed.gguf");
        using GgufModel model = new(GgufSizes.Of(file), type: ScalarType.BFloat16), expected = new(GgufSizes.Of(file), type: ScalarType.BFloat16);
        LoadPlan.Create(model, file, Pairs).Execute();
        LoadPlan.Create(expected, file, Pairs).Execute();
        var addresses = model.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value)).ToList();
        using var other = NewDisposeScope();
        var negated = Decoded(file).ToDictionary(item => item.Key, item => -item.Value);
        using (var refit = model.BeginRefit(mode, options: Pairs))
        {
            foreach (var (name, value) in negated.Where(item => item.Key != "rope_freqs.weight")) refit.Write(name, value);
            refit.Commit();
        }
        Assert.NotEqual(Bits.Of(expected), Bits.Of(model));

        if (mode == RefitMode.Staged)
        {
            var before = Bits.Of(model);
            using (var abandoned = model.BeginRefit(mode, options: Pairs)) abandoned.Write(file);
            Assert.Equal(before, Bits.Of(model));
        }
        using (var refit = model.BeginRefit(mode, options: Pairs))
        {
            refit.Write(file);
            refit.Commit();
        }
        Assert.Equal(Bits.Of(expected), Bits.Of(model));
        Assert.Equal(addresses, model.AllParameters().Select(item => TensorAddress.Of(item.Parameter.Value)));
    }

    [Fact]
    public void What_was_loaded_is_exported_as_values_and_agrees_in_checksums()
    {
        var file = _files.Fixture("gguf/llama3-mixed.gguf");
        var options = new LoadOptions { Format = "gguf" };
        using GgufModel model = new(GgufSizes.Of(file)), again = new(GgufSizes.Of(file));
        LoadPlan.Create(model, file, options).Execute();
        var asked = model.Checksums("gguf");
        var report = asked.Compare(WeightChecksums.Of(file, asked));
        Assert.True(report.IsProof, $"{report}");

        var folder = Directory.CreateTempSubdirectory("lanyard-");
        var export = new ExportOptions { Format = "gguf" };
        Assert.Equal(OfBlocks(file).Select(name => new ExportLoss(name, ExportLossKind.Decoded)), model.Export(folder.FullName, export).Lossy);
        using (var exported = Checkpoint.Open(folder.FullName))
        {
            Assert.Equal(file.Tensors.Keys.Except(["rope_freqs.weight"]).Order(), exported.Tensors.Keys.Order());
            LoadPlan.Create(again, exported, options).Execute();
        }
        Assert.Equal(Bits.Of(model), Bits.Of(again));
        Assert.Empty(again.Export(folder.FullName, export).Lossy);
        folder.Delete(recursive: true);
    }

    /// <summary>As long as one element of a parameter is of blocks, an export says so.</summary>
    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_that_replaces_what_was_decoded_ends_the_loss(RefitMode mode)
    {
        const string Query = "blk.0.attn_q.weight", Key = "blk.0.attn_k.weight", Value = "blk.0.attn_v.weight", Out = "blk.0.attn_output.weight";
        var file = _files.Fixture("gguf/llama3-mixed.gguf");
        using var model = new GgufModel(GgufSizes.Of(file));
        using var values = NewDisposeScope();
        var decoded = Decoded(file);
        LoadPlan.Create(model, file, Pairs).Execute();
        Assert.Equal([Key, Out, Query, Value], Lossy());

        Write(Out);
        Assert.Equal([Key, Query, Value], Lossy());
        Write(Query, Key);
        Assert.Equal([Key, Query, Value], Lossy());
        using (var abandoned = model.BeginRefit(RefitMode.Staged, RefitScope.Subset, Pairs)) Bring(abandoned, Query, Key, Value);
        Assert.Equal([Key, Query, Value], Lossy());
        Write(Query, Key, Value);
        Assert.Empty(Lossy());
        using (var refit = model.BeginRefit(mode, options: Pairs))
        {
            refit.Write(file);
            refit.Commit();
        }
        Assert.Equal([Key, Out, Query, Value], Lossy());

        void Write(params string[] names)
        {
            using var refit = model.BeginRefit(mode, RefitScope.Subset, Pairs);
            Bring(refit, names);
            refit.Commit();
        }

        void Bring(RefitSession refit, params string[] names)
        {
            foreach (var name in names) refit.Write(name, decoded[name]);
        }

        IEnumerable<string> Lossy()
        {
            var folder = Directory.CreateTempSubdirectory("lanyard-");
            var lossy = model.Export(folder.FullName, new ExportOptions { Format = "gguf" }).Lossy;
            folder.Delete(recursive: true);
            return lossy.Select(loss => loss.Tensor).Where(name => name.StartsWith("blk.0.attn", StringComparison.Ordinal));
        }
    }

    /// <summary>Where the file may become the storage, it does for what is stored as it is, and blocks are decoded.</summary>
    [Fact]
    public void A_mapped_load_decodes_blocks()
    {
        var file = _files.Fixture("gguf/llama3-mixed.gguf");
        using GgufModel model = new(GgufSizes.Of(file)), expected = new(GgufSizes.Of(file));
        LoadPlan.Create(model, file, Pairs with { Mode = LoadMode.Map }).Execute();
        LoadPlan.Create(expected, file, Pairs).Execute();

        Assert.Equal(Bits.Of(expected), Bits.Of(model));
    }

    /// <summary>The tensors of parameters that have elements of blocks; q, k and v are one parameter.</summary>
    private static IEnumerable<string> OfBlocks(Checkpoint checkpoint)
    {
        var merged = checkpoint.Tensors.Values.Where(tensor => tensor.DType.IsBlocks()).Select(tensor => Parameter(tensor.Name)).ToHashSet();
        return checkpoint.Tensors.Keys.Where(name => merged.Contains(Parameter(name))).Order(StringComparer.Ordinal);

        static string Parameter(string name) => name.Replace("attn_k.", "attn_q.", StringComparison.Ordinal).Replace("attn_v.", "attn_q.", StringComparison.Ordinal);
    }

    /// <summary>The values of a file in float32, element by element as the types are defined.</summary>
    private static Dictionary<string, Tensor> Decoded(Checkpoint checkpoint) => checkpoint.Tensors.ToDictionary(item => item.Key, item =>
    {
        if (!item.Value.DType.IsBlocks()) return checkpoint.View(item.Value);
        var (bytes, values) = (new byte[item.Value.Length], new float[item.Value.ElementCount]);
        checkpoint.Read(item.Value, 0, bytes);
        GgufValues.Decode<float>(item.Value.DType, bytes, values);
        return torch.tensor(values).view([.. item.Value.Shape]);
    });
}
