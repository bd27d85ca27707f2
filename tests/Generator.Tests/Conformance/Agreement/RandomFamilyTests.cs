extern alias runtime;

using System.Globalization;
using Lanyard.Generator.Conformance.Lists;
using runtime::Lanyard;
using runtime::Lanyard.Checkpoints;
using Xunit.Abstractions;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>
/// Random classes, an instance of random sizes, the list of its tensors, and one change of that: where the compiler accepts the list, an instance with the sizes that it inferred
/// takes it; where it refuses, neither the instance that the list was made for takes it, nor one that differs in a single size. <c>LANYARD_FAMILIES</c> says how many
/// families there are, and <c>LANYARD_FAMILIES_SEED</c> which.
/// </summary>
public sealed class RandomFamilyTests(ITestOutputHelper output)
{
    private const int Changes = 12;
    private const int MostTensors = 5_000;

    [Fact]
    public void What_the_compiler_accepts_a_load_accepts_and_the_reverse()
    {
        var count = Number("LANYARD_FAMILIES", 4);
        var seed = Number("LANYARD_FAMILIES_SEED", 1);
        List<RandomFamily> families = [.. Enumerable.Range(0, count).Select(i => new RandomFamily((seed * 100_000) + i))];
        using var compiled = new CompiledFamilies(families);
        var classes = new ReflectedClasses(compiled.Assembly);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var (number, family) in families.Index())
        {
            var random = new Random((seed * 1_000_000) + number);
            var sizes = RandomFamily.Sizes(family.Root, random);
            using var model = new LoadedModel(() => compiled.Make(family.Root, Of(sizes)));
            var rows = Tensors(family, model, random);

            // Sizes that are products may come to many experts, each with a name: that says nothing more, and takes minutes.
            if (rows.Count > MostTensors) continue;
            for (var i = -1; i < Changes; i++)
            {
                var mutation = i < 0 ? new RowMutation("none", "nothing is changed", rows) : RowMutation.Of(rows, RowMutation.Kinds[random.Next(RowMutation.Kinds.Count)], random);
                if (mutation is null || mutation.Rows.Count == 0) continue;
                var (outcome, fault) = Compare(compiled, classes, family, sizes, model, mutation);
                counts[$"{mutation.Kind}: {outcome}"] = counts.GetValueOrDefault($"{mutation.Kind}: {outcome}") + 1;
                if (fault is not null) faults.Add($"{family.Name}, {mutation.Text}: {fault}\nsizes {string.Join(", ", sizes.Select(static size => $"{size.Key} = {size.Value}"))}\n{TensorRow.Json(mutation.Rows)}\n{(faults.Count < 6 ? family.Source : "")}");
            }
        }
        foreach (var (kind, times) in counts) output.WriteLine($"{times,5} {kind}");
        Assert.True(faults.Count == 0, $"{faults.Count} faults (seed {seed}):\n" + string.Join("\n\n", faults));
    }

    private static (string Outcome, string? Fault) Compare(CompiledFamilies compiled, ReflectedClasses classes, RandomFamily family, Dictionary<string, int> sizes, LoadedModel model, RowMutation mutation)
    {
        var list = TensorList.Read(TensorRow.Json(mutation.Rows), "list.tensors.json");
        Assert.Empty(list.Faults);
        List<CheckpointTensor> headers = [.. mutation.Rows.SelectMany(static row => row.Headers())];
        var inferred = new InferredInstance(list, family, classes.Find);
        if (!inferred.Result.Problems.IsEmpty)
        {
            var said = $"the compiler says {inferred.Result.Problems[0].Message}";
            if (model.Refusal(headers, inferred.Result.Type!) is null) return ("refused by the compiler alone", $"a load takes it, and {said}");
            foreach (var near in Near(family, sizes, mutation))
            {
                if (Refusal(compiled, family, near, headers, inferred.Result.Type!) is null) return ("refused by the compiler alone", $"a load takes it where {string.Join(", ", near.Except(sizes).Select(static size => $"{size.Key} = {size.Value}"))}, and {said}");
            }
            return ("refused by both", null);
        }
        if (inferred.Sizes(sizes) is not { } found) return ("accepted, of open sizes", null);
        if (Refusal(compiled, family, found, headers, inferred.Result.Type!) is { } refusal) return ("accepted by the compiler alone", $"the compiler takes it with {string.Join(", ", found.Select(static size => $"{size.Key} = {size.Value}"))}, and a load says {refusal}");
        return (inferred.Open > 0 ? "accepted by both, with open sizes" : "accepted by both", null);
    }

    private static string? Refusal(CompiledFamilies compiled, RandomFamily family, Dictionary<string, int> sizes, List<CheckpointTensor> headers, string type)
    {
        try
        {
            using var model = new LoadedModel(() => compiled.Make(family.Root, Of(sizes)));
            return model.Refusal(headers, type);
        }
        catch (ArgumentException e)
        {
            // No instance has such sizes.
            return e.Message;
        }
    }

    /// <summary>Instances that differ in one size; of those that are counted by one, of others by what the change has.</summary>
    private static IEnumerable<Dictionary<string, int>> Near(RandomFamily family, Dictionary<string, int> sizes, RowMutation mutation)
    {
        foreach (var (key, size) in sizes)
        {
            int[] others = key.Contains('?') || key.EndsWith('!') ? [1 - size] : key.EndsWith('#') ? [size + 1, size - 1] : mutation.Kind is "size" or "number" or "drop" or "exchange" ? [size + 1, size - 1, size * 2, size / 2] : [];

            // A list without items shows nothing: the compiler takes a list that may have none as one that is declared nullable.
            var least = key.EndsWith('#') ? sizes.Keys.Any(other => other.StartsWith(key[..^1] + "0.", StringComparison.Ordinal)) ? 1 : 0 : key.Contains('?') || key.EndsWith('!') ? 0 : 1;
            foreach (var other in others.Where(other => other >= least)) yield return RandomFamily.Sizes(family.Root, new Random(other), new Dictionary<string, int>(sizes, StringComparer.Ordinal) { [key] = other });
        }
    }

    // Of what an instance with other choices has besides.
    private static Func<string, int> Of(Dictionary<string, int> sizes) => key => sizes.TryGetValue(key, out var size) ? size : key.Contains('?') || key.EndsWith('!') || key.EndsWith('#') ? 0 : 3;

    /// <summary>The tensors of a checkpoint of an instance, in one format or the other for each parameter, with what the family leaves alone.</summary>
    private static List<TensorRow> Tensors(RandomFamily family, LoadedModel model, Random random)
    {
        // A model in float32 takes tensors in bfloat16, and one in bfloat16 none in float32.
        var type = random.Next(2) == 0 ? "F32" : "BF16";
        var instance = model.Of(type);
        var hasCodes = family.Source.Contains("Format = \"codes\"", StringComparison.Ordinal) && random.Next(2) == 0;
        var plain = instance.ExpectedTensors();
        var codes = hasCodes ? Codes(instance) : plain;
        var coded = codes.Select(static tensor => tensor.ParameterName).Distinct().Where(_ => random.Next(2) == 0).ToHashSet();
        var prefix = family.Source.Contains("[CheckpointPrefix", StringComparison.Ordinal) && random.Next(2) == 0 ? "lm." : "";
        List<TensorRow> rows = [.. plain.Where(tensor => !coded.Contains(tensor.ParameterName)).Concat(codes.Where(tensor => coded.Contains(tensor.ParameterName)))
            .Where(tensor => !tensor.Name.EndsWith(".lone", StringComparison.Ordinal) || random.Next(2) == 0)
            .GroupBy(static tensor => tensor.Name).Select(static uses => uses.First()).Select(tensor => new TensorRow(prefix + tensor.Name, Type(tensor, type, random), [.. tensor.Shape]))];
        if (family.Source.Contains("vision.**", StringComparison.Ordinal)) rows.Add(new TensorRow("vision.0.weight", "I32", [random.Next(5)]));
        return rows;
    }

    private static IReadOnlyList<ExpectedTensor> Codes(IParameterModule instance)
    {
        try
        {
            return instance.ExpectedTensors("codes");
        }
        catch (ArgumentException)
        {
            // None of the instance's modules has that format.
            return instance.ExpectedTensors();
        }
    }

    private static string Type(ExpectedTensor tensor, string type, Random random) => type == "F32" && tensor.Companion is null && tensor.Type == CheckpointType.F32 && tensor.Parameter.Entry.Type is null && random.Next(3) == 0 ? "BF16" : tensor.Type.Text();

    private static int Number(string variable, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? otherwise.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
