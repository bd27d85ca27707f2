using System.Text.Json;
using System.Text.Json.Serialization;
using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Renames and ignores by who only uses a model's classes.</summary>
public sealed partial class NameMappingTests : IDisposable
{
    // For what a class reads as model.layers.0.x.weight and model.layers.0.indexer.wk.weight.
    private const string Config = """
        {
            "Renames": [{ "From": "base.*.blocks.*.dsa.**", "To": "base.*.blocks.*.indexer.**", "Optional": true },
                        { "From": "base.core.blocks.*.**", "To": "model.layers.*.**" },
                        { "From": "lora.**", "To": null }],
            "Ignore": ["vision.**", "*.bias"]
        }
        """;

    private static readonly NameMapping Mapping = new()
    {
        Renames = [new("base.core.blocks.*.dsa.**", "model.layers.*.indexer.**"), new("base.core.blocks.*.**", "model.layers.*.**"), new("lora.**", null, Optional: true)],
        Ignore = ["vision.**"],
    };

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<string> Kinds => ["data", "code"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_comes_is_renamed_before_anything_is_looked_up(string kind)
    {
        var names = kind == "data" ? Mapping : new NameMapping
        {
            Code = name => name.StartsWith("vision.", StringComparison.Ordinal) ? null : name.Replace("base.core.blocks", "model.layers", StringComparison.Ordinal).Replace("dsa", "indexer", StringComparison.Ordinal),
        };
        var options = new LoadOptions { Names = names };
        using var model = new IndexedModel(true, true);
        var weights = Weights(1);
        _files.Load(model, weights, options);
        Check(model, 1);
        foreach (var mode in Enum.GetValues<RefitMode>())
        {
            for (var way = 0; way < 4; way++)
            {
                using var refit = model.BeginRefit(mode, options: options);
                var given = Weights(way + 2);
                switch (way)
                {
                    case 0: refit.Write(given); break;
                    case 1: refit.Write(_files.Stored(given)); break;
                    case 2: foreach (var (name, tensor) in given) refit.Write(name, tensor[..1], [0]); foreach (var (name, tensor) in given) refit.WriteSlice(name, tensor[1..], [1]); break;
                    default: foreach (var (name, values) in given) refit.Patch(name, tensor([0L, 1L]), values); break;
                }
                Assert.Equal(4, refit.Commit().Tensors);
                Check(model, way + 2);
            }
        }
        var asked = model.Checksums();
        var sent = Weights(5);
        Assert.True(asked.Compare(WeightChecksums.Of(_files.Stored(sent), asked, names: names)).IsProof);
        Assert.True(asked.Compare(WeightChecksums.Of(sent.Select(item => (item.Key, item.Value)), asked, names)).IsProof);
        Assert.False(asked.Compare(WeightChecksums.Of(_files.Stored(sent), asked)).IsProof);
    }

    [Fact]
    public void An_export_goes_back_and_is_loaded_by_the_same_mapping()
    {
        using IndexedModel model = new(true, true), again = new(true, true);
        _files.Load(model, Weights(3), new LoadOptions { Names = Mapping });
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        model.Export(folder.FullName, new ExportOptions { Names = Mapping });
        using (var exported = Checkpoint.Open(folder.FullName))
        {
            Assert.Equal(Weights(3).Keys.Where(name => !name.StartsWith("vision.", StringComparison.Ordinal)).Order(), exported.Tensors.Keys.Order());
            LoadPlan.Create(again, exported, new LoadOptions { Names = Mapping with { Ignore = [] } }).Execute();
        }
        Check(again, 3);
        folder.Delete(recursive: true);

        foreach (var (mapping, message) in new (NameMapping, string)[]
        {
            (new() { Code = name => name }, "A mapping by code has no way back"),
            (new() { Renames = [new("model.**", "other.**")] }, "The renames leave no name for model.layers.0."),
            (new() { Ignore = ["**.x.weight"] }, "The renames leave no name for model.layers.0."),
            (new() { Renames = [new("a.**", "b.*")] }, "must have the same stars in the same order"),
            (new() { Ignore = [""] }, "A pattern is empty"),
        })
        {
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.Export(folder.FullName, new ExportOptions { Names = mapping })).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mapping_is_read_from_a_configuration_file()
    {
        var names = JsonSerializer.Deserialize(Config, Source.Default.NameMapping)!;
        using var model = new IndexedModel(true, true);
        _files.Load(model, Weights(7).Append(KeyValuePair.Create("x.bias", ones(1))).Append(KeyValuePair.Create("lora.a", ones(1))), new LoadOptions { Names = names with { Renames = [.. names.Renames.Select(rename => rename.From.Contains("dsa", StringComparison.Ordinal) ? rename with { From = "base.core.blocks.*.dsa.**", To = "model.layers.*.indexer.**" } : rename)] } });
        Check(model, 7);
        Assert.Equal(names.Renames.AsEnumerable(), JsonSerializer.Deserialize(JsonSerializer.Serialize(names, Source.Default.NameMapping), Source.Default.NameMapping)!.Renames.AsEnumerable());
    }

    [Fact]
    public void Two_names_that_become_one_are_there_twice()
    {
        using var model = new IndexedModel(true, true);
        var weights = Weights(1);
        weights.Add("model.layers.1.x.weight", full(2, 1f));
        var problem = Assert.Single(_files.Refused(model, weights, new LoadOptions { Names = Mapping }));
        Assert.Equal(LoadProblemKind.Duplicate, problem.Kind);
        Assert.Contains(problem.Tensor, new[] { "model.layers.1.x.weight", "base.core.blocks.1.x.weight" });
    }

    [Fact]
    public void What_matches_nothing_is_reported_as_what_is_declared()
    {
        using var model = new IndexedModel(true, true);
        var names = Mapping with { Renames = [new("old.**", "new.**"), .. Mapping.Renames, new("gone.**", null)], Ignore = ["vision.**", "audio.**"] };
        Assert.Equal(
            [(LoadProblemKind.UnusedIgnore, "audio.**"), (LoadProblemKind.UnusedIgnore, "gone.**"), (LoadProblemKind.UnusedRename, "old.**")],
            _files.Refused(model, Weights(1), new LoadOptions { Names = names }).Select(problem => (problem.Kind, problem.Tensor)).Order());

        using var refit = model.BeginRefit(options: new LoadOptions { Names = names });
        refit.Write(Weights(1));
        refit.Commit();
    }

    [Fact]
    public void What_is_unexpected_has_the_name_that_came_and_the_one_that_was_looked_up()
    {
        using var model = new IndexedModel(true, true);
        var weights = Weights(1);
        weights.Add("base.core.blocks.1.x.wight", full(2, 1f));
        var unexpected = new LoadProblem(LoadProblemKind.Unexpected, "base.core.blocks.1.x.wight", Found: "model.layers.1.x.wight after renames");
        Assert.Equal([unexpected], _files.Refused(model, weights, new LoadOptions { Names = Mapping }));

        Assert.True(weights.Remove("base.core.blocks.1.x.weight"));
        Assert.Equal([unexpected with { Nearest = "model.layers.1.x.weight" }], _files.Refused(model, weights, new LoadOptions { Names = Mapping }).Where(problem => problem.Kind != LoadProblemKind.Missing));
    }

    [Fact]
    public void Stars_stand_for_what_they_matched_both_ways()
    {
        var random = new Random(7);
        using var model = new IndexedModel(false);
        model.Layers[0].Strict = true;
        for (var i = 0; i < 60; i++)
        {
            // Of the parts of the name some are stars, and the last star may be all that is left.
            string[] parts = ["model", "layers", "0", "x", "weight"];
            var (to, from, came) = (new List<string>(), new List<string> { $"q{i}" }, new List<string> { $"q{i}" });
            for (var part = 0; part < parts.Length; part++)
            {
                var isLast = part > 0 && random.Next(5) == 0;
                if (!isLast && random.Next(2) == 0)
                {
                    to.Add(parts[part]);
                    if (random.Next(2) == 0) continue;
                    from.Add($"k{part}");
                    came.Add($"k{part}");
                    continue;
                }
                to.Add(isLast ? "**" : "*");
                from.Add(to[^1]);
                came.Add(isLast ? string.Join('.', parts[part..]) : parts[part]);
                if (isLast) break;
            }
            var names = new NameMapping { Renames = [new(string.Join('.', from), string.Join('.', to))] };
            var name = string.Join('.', came);
            _files.Load(model, new Dictionary<string, Tensor> { [name] = full(2, i + 1f) }, new LoadOptions { Names = names });
            Bits.Are(model.Layers[0].Weight, _ => i + 1);
            var folder = Directory.CreateTempSubdirectory("lanyard-");
            model.Export(folder.FullName, new ExportOptions { Names = names });
            using (var exported = Checkpoint.Open(folder.FullName)) Assert.Equal([name], exported.Tensors.Keys);
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, Tensor> Weights(float factor) => new()
    {
        ["base.core.blocks.0.x.weight"] = full(2, 1 * factor),
        ["base.core.blocks.1.x.weight"] = full(2, 2 * factor),
        ["base.core.blocks.0.dsa.wk.weight"] = full(2, 3 * factor),
        ["base.core.blocks.1.dsa.wk.weight"] = full(2, 4 * factor),
        ["vision.patch.weight"] = full(2, 5 * factor),
    };

    private static void Check(IndexedModel model, float factor)
    {
        foreach (var (layer, i) in model.Layers.Select((layer, i) => (layer, i)))
        {
            Bits.Are(layer.Weight, _ => (i + 1) * factor);
            Bits.Are(layer.Wk!, _ => (i + 3) * factor);
        }
    }

    [JsonSerializable(typeof(NameMapping))]
    private sealed partial class Source : JsonSerializerContext;
}
