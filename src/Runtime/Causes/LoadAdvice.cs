using System.Globalization;
using System.Text.RegularExpressions;
using Lanyard.Books;
using Lanyard.Index;

namespace Lanyard.Causes;

/// <summary>What to do about what is left, a line each.</summary>
internal static partial class LoadAdvice
{
    private const int MostShown = 3;

    // What stands beside the codes of published forms, or is them.
    private static readonly HashSet<string> OfEncodings = new(
        ["qweight", "qzeros", "scales", "g_idx", "weight_packed", "weight_scale", "weight_scale_inv", "weight_scale_2", "weight_zero_point", "weight_shape", "input_scale", "absmax", "quant_map", "SCB"], StringComparer.Ordinal);

    /// <summary>Of how many files a checkpoint is one, by its name; 1 where it says nothing of others.</summary>
    public static int Files(string? checkpoint) => checkpoint is not null && Numbered().Match(checkpoint) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1;

    /// <summary>What the names say of the file, where the model does not have them.</summary>
    /// <param name="account">The books.</param>
    /// <param name="problems">What no cause says.</param>
    /// <param name="files">Of how many files what came is one.</param>
    /// <param name="isOther">Whether nothing is known of it.</param>
    public static IEnumerable<string> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems, int files, bool isOther)
    {
        var unexpected = Unexpected(account, problems);
        if (isOther) yield return $"Not one of the {account.Unexpected.Count} names that came is one of the model's: is it the checkpoint of another model?";
        if (files > 1) yield return $"The file is one of {files}: their folder, or their index, stands for all of them.";
        if (unexpected.Exists(IsOfAdapter)) yield return "Names with lora_ are the factors of an adapter, which are no weights by themselves: attach it to the loaded base with model.AttachLora(folder), or merge it with model.MergeLora(folder).";
        if (problems.Any(problem => problem.Kind == LoadProblemKind.WrongSlice)) yield return "What came says of itself (lanyard.slices) that it is the part of one rank of several, and no whole checkpoint.";
        if (unexpected.Exists(name => name.StartsWith("blk.", StringComparison.Ordinal))) yield return "The names are those of GGUF: a class takes them by sources and names of children with a Format of their own.";
        if (unexpected.Exists(IsOfEncoding)) yield return "What stands beside quantised weights belongs to a source with an Encoding: the model is written for weights that are not quantised, or in another form.";
    }

    /// <summary>What to do with tensors that have no place.</summary>
    /// <param name="index">The model.</param>
    /// <param name="account">The books.</param>
    /// <param name="problems">What is not said otherwise.</param>
    public static IEnumerable<string> OfUnneeded(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = Unexpected(account, problems);
        unexpected.RemoveAll(name => IsOfEncoding(name) || IsOfAdapter(name));
        if (unexpected.Count == 0) yield break;
        var modules = index.Names.Select(name => Above(NameFolding.Shape(name))).ToHashSet(StringComparer.Ordinal);
        modules.Remove("");
        var beside = unexpected.FindAll(name => modules.Contains(Above(NameFolding.Shape(index.Bare(name)))));
        if (beside.Count > 0) yield return $"{beside[0]} stands beside tensors that the model takes, and may be part of what it computes: where it is, the class has a parameter for it.";

        // Where something lacks, what came near it is more likely that than nothing.
        var lacking = problems.Where(problem => problem.Kind == LoadProblemKind.Missing).Select(problem => Area(index.Bare(problem.Tensor))).ToHashSet(StringComparer.Ordinal);
        var patterns = unexpected.Except(beside).Where(name => !lacking.Any(area => AreNear(area, Area(index.Bare(name))))).Select(NameFolding.Pattern).Distinct().ToList();
        if (patterns.Count == 0) yield break;
        yield return $"A tensor that nothing needs is left alone by [Ignore] on a class or, for one load, by LoadOptions.Names: new NameMapping {{ Ignore = [{string.Join(", ", patterns.Take(MostShown).Select(pattern => $"\"{pattern}\""))}{(patterns.Count > MostShown ? ", ..." : "")}] }}";
    }

    private static string Area(string name)
    {
        var shape = Above(NameFolding.Shape(name));
        return name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".bias", StringComparison.Ordinal) ? Above(shape) : shape;
    }

    private static bool AreNear(string a, string b) => a == b || (a.Length > 0 && b.StartsWith(a + ".", StringComparison.Ordinal)) || (b.Length > 0 && a.StartsWith(b + ".", StringComparison.Ordinal));

    private static List<string> Unexpected(LoadAccount account, IEnumerable<LoadProblem> problems) =>
        [.. problems.Where(problem => problem is { Kind: LoadProblemKind.Unexpected, Nearest: null, Parameter: null }).Select(problem => account.Names.Known(problem.Tensor) ?? problem.Tensor).Distinct()];

    private static bool IsOfAdapter(string name) => name.Contains(".lora_", StringComparison.Ordinal);

    private static bool IsOfEncoding(string name) => OfEncodings.Contains(name[(name.LastIndexOf('.') + 1)..]);

    private static string Above(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : "";

    [GeneratedRegex(@"-[0-9]{1,7}-of-([0-9]{1,7})\.(safetensors|gguf)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();
}
