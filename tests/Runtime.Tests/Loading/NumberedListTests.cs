using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Lists whose items have other numbers in the checkpoint than their positions, and of which other processes have more.</summary>
public sealed class NumberedListTests : IDisposable
{
    // Of four layers the second has no experts; after them come two that are no layers.
    private static readonly string[] Names =
    [
        .. from layer in Enumerable.Range(0, 4) select $"model.layers.{layer}.norm.weight",
        .. from layer in new[] { 0, 2, 3 } from expert in Enumerable.Range(0, 8) select $"model.layers.{layer}.mlp.experts.{expert}.w.weight",
        "model.layers.4.w.weight", "model.layers.5.w.weight",
    ];

    private readonly TensorFiles _files = new();
    private readonly List<string> _folders = [];

    public void Dispose()
    {
        _files.Dispose();
        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    public static TheoryData<string?, string?> Spellings => new() { { null, null }, { "short", null }, { null, "flat" } };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_process_takes_its_items_under_their_numbers_and_all_of_them_merge(string? convention, string? format)
    {
        var all = Names.Index().ToDictionary(name => Spelled(name.Item, convention, format), name => full(2, name.Index + 1f));
        var options = new LoadOptions { Format = format };
        foreach (var model in Processes())
        {
            _files.Load(model, all, options);
            Check(model, 1);
            foreach (var mode in Enum.GetValues<RefitMode>())
            {
                using var refit = model.BeginRefit(mode, options: options);
                foreach (var (name, tensor) in all.Reverse()) refit.Write(name, tensor * 3);
                refit.Commit();
                Check(model, 3);
            }
            using (var refit = model.BeginRefit(scope: RefitScope.Subset, options: options))
            {
                foreach (var (name, values) in all) refit.Patch(name, tensor([1L, 0L]), values * 2);
                refit.Commit();
            }
            Check(model, 2);
            var asked = model.Checksums(format);
            Assert.True(asked.Compare(WeightChecksums.Of(all.Select(item => (item.Key, item.Value * 2)), asked)).IsProof);
            model.Export(Folder(), new ExportOptions { Convention = convention, Format = format });
            model.Dispose();
        }

        CheckpointMerge.Merge([.. _folders], Folder());
        using var merged = Checkpoint.Open(_folders[^1]);
        Assert.Equal(all.Keys.Order(), merged.Tensors.Keys.Order());
        foreach (var (name, stored) in merged.Tensors) Bits.Are(merged.View(stored), _ => all[name][0].item<float>() * 2);

        var problems = Assert.Throws<ExportException>(() => CheckpointMerge.Merge(_folders[..2], Folder())).Problems;
        var lacking = new[] { "model.layers.2.norm.weight", "model.layers.3.norm.weight" }.Concat(new[] { 2, 4, 5 }.Select(expert => $"model.layers.0.mlp.experts.{expert}.w.weight"));
        Assert.All(problems, problem => Assert.Equal(ExportProblemKind.Missing, problem.Kind));
        Assert.Superset(lacking.Select(name => Spelled(name, convention, format)).ToHashSet(), problems.Select(problem => problem.Name).ToHashSet());
    }

    [Theory]
    [InlineData("model.layers.0.mlp.experts.7.b.weight")]
    [InlineData("model.layers.2.mlp.experts.8.w.weight")]
    [InlineData("model.layers.2.mlp.experts.07.w.weight")]
    [InlineData("model.layers.2.norm.bias")]
    [InlineData("model.layers.02.norm.weight")]
    [InlineData("model.layers.1.mlp.experts.0.w.weight")]
    [InlineData("model.layers.6.norm.weight")]
    [InlineData("model.layers.6.w.weight")]
    [InlineData("model.layers.2.w.weight")]
    [InlineData("model.layers.2.mlp.experts.w.weight")]
    [InlineData("text.model.layers.2.norm.bias")]
    public void Unknown_names_below_a_number_stay_unexpected(string name)
    {
        using var model = Processes().First();
        var tensors = Names.Index().Append((99, name)).ToDictionary(name => name.Item2, name => full(2, name.Item1 + 1f));
        Assert.Equal([(LoadProblemKind.Unexpected, name)], _files.Refused(model, tensors).Select(problem => (problem.Kind, problem.Tensor)));
        _files.Load(model, Names.Index().ToDictionary(name => name.Item, name => full(2, name.Index + 1f)));
        using var refit = model.BeginRefit(scope: RefitScope.Subset);
        refit.Patch(name, tensor([1L]), ones(1));
        refit.Write(name, ones(2));
        Assert.Equal([LoadProblemKind.Unexpected], Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void Numbers_that_change_are_read_again_and_must_be_those_of_the_items()
    {
        using var model = new NumberedModel(0, [[3, 7], null, [0], [1]], extra: 2);
        Assert.Equal("model.layers.0.mlp.experts.7.weight", model.AllParameters().Select(item => item.Name).ElementAt(2));
        model.Layers[0].ExpertNumbers = [3, 6];
        Assert.Equal("model.layers.0.mlp.experts.6.weight", model.AllParameters().Select(item => item.Name).ElementAt(2));
        foreach (var (numbers, message) in new (int[], string)[]
        {
            ([3], "A list has an item 1, but numbers for 1 items."),
            ([3, 6, 7], "A list has 2 items, but numbers for 3."),
            ([3, 8], "An item of a list has the number 8 of 8: numbers count from zero and are less than the total."),
            ([-1, 8], "An item of a list has the number -1 of 8: numbers count from zero and are less than the total."),
        })
        {
            model.Layers[0].ExpertNumbers = numbers;
            Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => model.AllParameters()).Message);
        }
        model.Layers[0].ExpertNumbers = [3, 3];
        Assert.Contains("two modules have one name there", Assert.Throws<InvalidOperationException>(() => model.AllParameters()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_of_a_list_is_here_its_numbers_are_anothers()
    {
        using var model = new NumberedModel(0, [[], null, [0], [1]], extra: 2);
        _files.Load(model, Names.Index().ToDictionary(name => name.Item, name => full(2, name.Index + 1f)));
        var wrong = new Dictionary<string, Tensor> { ["model.layers.0.mlp.experts.8.w.weight"] = ones(2) };
        Assert.Contains(_files.Refused(model, wrong), problem => problem.Kind == LoadProblemKind.Unexpected);
    }

    // The first layers are on three processes with different experts, the last ones on another; what comes after them is on all.
    private static IEnumerable<NumberedModel> Processes() =>
    [
        new(0, [[3, 7], null], extra: 2),
        new(0, [[6, 0, 1], null], extra: 2),
        new(2, [[0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0]], extra: 2),
        new(0, [[2, 4, 5]], extra: 2),
    ];

    private static string Spelled(string name, string? convention, string? format) => format is not null
        ? name.Replace("model.layers", "blk", StringComparison.Ordinal).Replace("mlp.experts", "e", StringComparison.Ordinal)
        : convention is null ? name : name["model.".Length..];

    private static void Check(NumberedModel model, float factor)
    {
        foreach (var (layer, i) in model.Layers.Select((layer, i) => (layer, i + (int)model.First)))
        {
            Are(layer.Norm, $"model.layers.{i}.norm.weight");
            foreach (var (expert, number) in (layer.Experts ?? []).Zip(layer.ExpertNumbers)) Are(expert.Weight, $"model.layers.{i}.mlp.experts.{number}.w.weight");
        }
        foreach (var (expert, i) in model.Extra.Select((expert, i) => (expert, i))) Are(expert.Weight, $"model.layers.{i + 4}.w.weight");

        void Are(Tensor value, string name) => Bits.Are(value, _ => (Array.IndexOf(Names, name) + 1) * factor);
    }

    private string Folder()
    {
        _folders.Add(Directory.CreateTempSubdirectory("lanyard-").FullName);
        return _folders[^1];
    }
}
