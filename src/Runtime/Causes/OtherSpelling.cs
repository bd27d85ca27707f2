using Lanyard.Books;

namespace Lanyard.Causes;

/// <summary>Names that differ in one way throughout: capitals, slashes or hyphens for what the model has, numbers with zeros in front.</summary>
internal static class OtherSpelling
{
    // Fewer are misspelt each by itself.
    private const int Several = 3;

    private static readonly (string What, string Code, Func<string, string> Of)[] Ways =
    [
        ("in capitals", "name.ToLowerInvariant()", static name => name.ToLowerInvariant()),
        ("with / for .", "name.Replace('/', '.')", static name => name.Replace('/', '.')),
        ("with : for .", "name.Replace(':', '.')", static name => name.Replace(':', '.')),
        ("with - for _", "name.Replace('-', '_')", static name => name.Replace('-', '_')),
        ("with zeros before numbers", "Regex.Replace(name, @\"\\b0+(?=\\d)\", \"\")", static name => string.Join('.', name.Split('.').Select(WithoutZeros))),
    ];

    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var missing = problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null, NeededBy: null }).ToLookup(problem => problem.Tensor, StringComparer.Ordinal);
        var unexpected = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).Select(problem => (Problem: problem, Name: account.Names.Known(problem.Tensor) ?? problem.Tensor)).ToList();
        if (missing.Count == 0 || unexpected.Count < Several) yield break;
        foreach (var (what, code, of) in Ways)
        {
            var found = unexpected.FindAll(name => of(name.Name) is var other && other != name.Name && missing.Contains(other));
            if (found.Select(name => NameFolding.Shape(name.Name)).Distinct().Count() < Several) continue;
            yield return new LoadCause(
                null,
                $"{found.Count} tensors are named {what}, as {found[0].Problem.Tensor} for {of(found[0].Name)}: LoadOptions.Names says so, new NameMapping {{ Code = name => {code} }}",
                [.. found.Select(name => name.Problem), .. found.SelectMany(name => missing[of(name.Name)])]);
            yield break;
        }
    }

    private static string WithoutZeros(string part) => part.Length > 1 && part[0] == '0' && part.All(char.IsAsciiDigit) ? part.TrimStart('0') is { Length: > 0 } number ? number : "0" : part;
}
