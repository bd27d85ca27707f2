using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What classes around a module say of it.</summary>
/// <param name="Numbered">Patterns of lists of which the configuration says how many items are another model's: full names, as far as they are texts.</param>
/// <param name="Overrides">What is below, by the properties that lead there from the module. What is said further out comes first.</param>
internal sealed record MatchScope(ImmutableArray<string> Numbered, ImmutableArray<DescribedOverride> Overrides)
{
    /// <summary>That of a root.</summary>
    public static MatchScope Root { get; } = new([], []);

    /// <summary>The properties of the module that the model does not have.</summary>
    public IReadOnlyCollection<string> Without => [.. Overrides.Where(static said => said is { Classes.IsEmpty: true, IsAlways: false } && !said.Path.Contains('.')).Select(static said => said.Path)];

    /// <summary>The properties of the module that all models have, those together of which they have one.</summary>
    public IEnumerable<string[]> With => Overrides.Where(static said => said.IsAlways && !said.Path.Contains('.')).Select(static said => said.Path).Distinct().Select(static path => path.Split('|'));

    /// <summary>The same, with what the class of the module says itself.</summary>
    public MatchScope Within(DescribedModule module, ModulePrefix prefix) => new(
        Numbered.AddRange(module.Ignores.Where(static ignore => ignore.IsNumbered).Select(ignore => prefix.Text + ignore.Pattern)),
        Overrides.AddRange(module.Overrides));

    /// <summary>That of a child.</summary>
    public MatchScope Below(DescribedChild child) => this with
    {
        Overrides = [.. Overrides.Where(said => said.Path.StartsWith(child.Property + ".", StringComparison.Ordinal)).Select(said => said with { Path = said.Path.Substring(child.Property.Length + 1) })],
    };

    /// <summary>A child as it is said to be.</summary>
    public DescribedChild Of(DescribedChild child) =>
        Overrides.FirstOrDefault(said => said.Path == child.Property && !said.Classes.IsEmpty) is { } said ? child with { Classes = said.Classes, Axes = said.Axes ?? child.Axes } : child;

    /// <summary>What a class says of what is not there.</summary>
    /// <param name="module">The class.</param>
    /// <param name="classes">What a class declares, by its name.</param>
    public static IEnumerable<ConformanceProblem> Unknown(DescribedModule module, Func<string, DescribedModule?> classes) =>
        from said in module.Overrides
        where !Leads(module, module.Overrides, said.Path.Split('.'), 0, "", classes)
        select new ConformanceProblem(ProblemKind.Declaration, ProblemPlace.Of(module.Name), $"\"{said.Path}\" leads to no child and no parameter below {module.ShortName}: the properties are named as in C#, with dots");

    private static bool Leads(DescribedModule module, ImmutableArray<DescribedOverride> said, string[] path, int at, string before, Func<string, DescribedModule?> classes)
    {
        if (at == path.Length - 1 && path[at].Contains('|')) return path[at].Split('|').All(one => Leads(module, said, [.. path.Take(at), one], at, before, classes));
        if (at == path.Length - 1 && module.Parameters.Any(parameter => parameter.Property == path[at])) return true;
        if (module.Children.FirstOrDefault(child => child.Property == path[at]) is not { } child) return false;
        if (at == path.Length - 1) return true;
        var below = before + path[at];
        return child.Classes.Concat(said.Where(other => other.Path == below).SelectMany(static other => other.Classes)).Select(classes).OfType<DescribedModule>()
            .Any(next => Leads(next, said, path, at + 1, below + ".", classes));
    }
}
