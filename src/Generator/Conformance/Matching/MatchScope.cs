using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What classes around a module say of it.</summary>
/// <param name="Numbered">Patterns of lists of which the configuration says how many items are another model's: full names, as far as they are texts.</param>
/// <param name="Overrides">What is below: the properties that lead there from the module, and the classes; none where no model has it. What is said further out comes first.</param>
internal sealed record MatchScope(ImmutableArray<string> Numbered, ImmutableArray<(string Path, ImmutableArray<string> Classes)> Overrides)
{
    /// <summary>That of a root.</summary>
    public static MatchScope Root { get; } = new([], []);

    /// <summary>The properties of the module that the model does not have.</summary>
    public IReadOnlyCollection<string> Without => [.. Overrides.Where(static said => said.Classes.IsEmpty && !said.Path.Contains('.')).Select(static said => said.Path)];

    /// <summary>The same, with what the class of the module says itself.</summary>
    public MatchScope Within(DescribedModule module, ModulePrefix prefix) => new(
        Numbered.AddRange(module.Ignores.Where(static ignore => ignore.IsNumbered).Select(ignore => prefix.Text + ignore.Pattern)),
        Overrides.AddRange(module.Overrides));

    /// <summary>That of a child.</summary>
    public MatchScope Below(DescribedChild child) => this with
    {
        Overrides = [.. Overrides.Where(said => said.Path.StartsWith(child.Property + ".", StringComparison.Ordinal)).Select(said => (said.Path.Substring(child.Property.Length + 1), said.Classes))],
    };

    /// <summary>The classes that a child may have.</summary>
    public ImmutableArray<string> ClassesOf(DescribedChild child) =>
        Overrides.Where(said => said.Path == child.Property && !said.Classes.IsEmpty).Select(static said => said.Classes).FirstOrDefault() is { IsDefault: false } classes ? classes : child.Classes;

    /// <summary>What the class says of properties that it has not.</summary>
    public IEnumerable<ConformanceProblem> Unknown(DescribedModule module) =>
        from said in module.Overrides
        let first = said.Path.Split('.')[0]
        where module.Children.All(child => child.Property != first) && (said.Path != first || module.Parameters.All(parameter => parameter.Property != first))
        select new ConformanceProblem(ProblemKind.Declaration, ProblemPlace.Of(module.Name), $"{module.ShortName} has no child \"{first}\", of which \"{said.Path}\" speaks");
}
