extern alias models;
extern alias runtime;

using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Solving;
using Lanyard.Tests;
using runtime::Lanyard;
using runtime::Lanyard.Checkpoints;
using Xunit.Abstractions;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>
/// Published lists with one change each, at random: what the compiler refuses a load refuses, and what it accepts a load accepts, unless what was inferred
/// is another model than the one of the configuration: that one cannot be made here. <c>LANYARD_MUTATIONS</c> says how many changes there are of each list, the large ones too,
/// and <c>LANYARD_MUTATIONS_SEED</c> which.
/// </summary>
public sealed class PublishedMutationTests(ITestOutputHelper output)
{
    // Lists of more are changed where somebody asks for it.
    private const int ManyTensors = 20_000;

    private static readonly Assembly Models = typeof(models::Lanyard.Models.Llama4.Llama4Config).Assembly;

    private static readonly ReflectedClasses Classes = new(Models, typeof(Topology).Assembly);

    // Where nobody asks for changes, those lists alone whose plans take no time.
    public static IEnumerable<object[]> Lists =>
        from type in Models.GetTypes()
        from list in type.GetCustomAttributes<ConformsToAttribute>()
        where Changes is not null || TensorList.Read(File.ReadAllText(Fixtures.Path("manifests", list.List)), list.List).Count <= ManyTensors
        select new object[] { type.FullName!, list.List[..^".tensors.json".Length] };

    private static string? Changes => Environment.GetEnvironmentVariable("LANYARD_MUTATIONS");

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_changed_list_is_refused_by_both_or_by_neither(string family, string list)
    {
        var rows = Rows(Fixtures.Path("manifests", $"{list}.tensors.json"));
        var type = Models.GetType(family)!;
        var root = ReflectedClasses.Of(type)!;
        var file = Fixtures.Path("manifests", $"{list}.config.json");
        var isConfigured = type.GetCustomAttributes<ConformsToAttribute>().Single(conforms => conforms.List.StartsWith(list + ".", StringComparison.Ordinal)).Config is not null;
        var configuration = isConfigured ? ConfigurationFile.Read(File.ReadAllText(file), Path.GetFileName(file)) : null;
        var config = PretrainedConfig.Read(file);
        using var model = new LoadedModel(() => (IParameterModule)type.GetMethod("FromConfig", [typeof(PretrainedConfig)])!.Invoke(null, [config])!);
        var headers = rows.ToDictionary(static row => row, static row => row.Headers().ToList());
        var (listed, whole) = Infer(rows, root, configuration);
        Assert.Empty(whole.Problems);
        Assert.Null(model.Refusal([.. headers.Values.SelectMany(static tensors => tensors)], whole.Type!));
        var sizes = Sizes(listed, whole);

        var seed = int.Parse(Environment.GetEnvironmentVariable("LANYARD_MUTATIONS_SEED") ?? "1", CultureInfo.InvariantCulture);
        var count = Changes is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 2;
        var random = new Random(HashCode(list, seed));
        var (faults, both, neither, other) = (new List<string>(), 0, 0, 0);
        for (var i = 0; i < count;)
        {
            if (RowMutation.Of(rows, RowMutation.Kinds[random.Next(RowMutation.Kinds.Count)], random) is not { } mutation) continue;
            i++;
            var (changedList, inferred) = Infer(mutation.Rows, root, configuration);
            var refusal = model.Refusal([.. mutation.Rows.SelectMany(row => headers.TryGetValue(row, out var known) ? known : row.Headers())], inferred.Type!);
            if (inferred.Problems.IsEmpty == refusal is null) _ = refusal is null ? both++ : neither++;
            else if (refusal is null) faults.Add($"{mutation.Text}: a load takes it, and the compiler says {inferred.Problems[0].Message}");
            else if (Sizes(changedList, inferred) is var changed && !changed.SetEquals(sizes)) output.WriteLine($"{++other}. {mutation.Text} is another model: {string.Join(", ", changed.Except(sizes).Take(3))} for {string.Join(", ", sizes.Except(changed).Take(3))}");
            else faults.Add($"{mutation.Text}: the compiler takes it, and a load says {refusal}");
        }
        output.WriteLine($"{list}: {count} changes, {both} accepted by both, {neither} refused by both, {other} of another model, {faults.Count} faults");
        Assert.True(faults.Count == 0, $"{faults.Count} of {count} (seed {seed}):\n" + string.Join("\n\n", faults));
    }

    private static (TensorList List, ConformanceResult Result) Infer(IEnumerable<TensorRow> rows, DescribedModule root, ConfigurationFile? configuration)
    {
        var list = TensorList.Read(TensorRow.Json(rows), "list.tensors.json");
        Assert.Empty(list.Faults);
        return (list, ConformanceCheck.Run(list, root, Classes.Find, [], key => configuration?.Find(key)));
    }

    /// <summary>Everything by which an instance differs from others of its class.</summary>
    private static HashSet<string> Sizes(TensorList list, ConformanceResult result)
    {
        var sizes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in result.Modules)
        {
            foreach (var place in ModelPlaces.Of(module.Module.Names.Default))
            {
                sizes.Add($"{place} {module.Module.Class.Name}");
                foreach (var (axis, size) in module.Axes) sizes.Add($"{place}{axis} = {size.Least}..{size.Most}");
                foreach (var parameter in module.Module.Parameters) sizes.Add($"{place}{parameter.Parameter.Property} {(parameter.Sources.IsEmpty ? "is absent" : "is there")}");

                // How many layers are another model's only the configuration says.
                foreach (var prefix in module.Module.Class.Ignores.Where(static ignore => ignore.IsNumbered).Select(ignore => place + ignore.Pattern[..ignore.Pattern.IndexOf("{}", StringComparison.Ordinal)]))
                    sizes.Add($"{prefix} has {string.Join(", ", list.NumbersBelow(prefix).SelectMany(static group => group.Numbers).Order())}");
            }
        }
        return sizes;
    }

    private static List<TensorRow> Rows(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. json.RootElement.GetProperty("tensors").EnumerateArray().Select(static row => new TensorRow(row.GetProperty("name").GetString()!, row.GetProperty("dtype").GetString()!, [.. row.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())]))];
    }

    private static int HashCode(string text, int seed) => text.Aggregate(seed, static (hash, character) => unchecked((hash * 31) + character));
}
