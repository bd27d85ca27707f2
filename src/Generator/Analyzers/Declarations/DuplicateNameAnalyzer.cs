using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Models;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>No two members are registered under one name, or loaded from one name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DuplicateNameAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0014";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Parameters and children have names of their own",
        "\"{0}\" and \"{1}\" are both {2} \"{3}\"; {4}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var members = type.GetMembers();
        var children = ChildParser.Parse(members, new SourceReader(context.Compilation, context.CancellationToken));
        var registered = Declared.Parameters(type).Select(static parameter => (Member: parameter.Property.Name, Name: SnakeCase.Of(parameter.Property.Name)))
            .Concat(children.Select(static child => (Member: child.Property, child.Name)));
        foreach (var (first, second, name) in Twice(registered))
            Report(first, second, "registered as", name, "names are compared in snake_case: rename one");

        // Of optional children an instance can have one or the other.
        // Lists with numbers of their own may share a name: where their numbers do, too, a model is refused when it is read.
        var loaded = children.Where(child => child.Numbers is null && !IsOptional(members, child)).ToList();
        var same = new HashSet<(string, string)>();
        var names = loaded.SelectMany(static child => child.Names).ToList();
        foreach (var (convention, format) in from convention in names.Select(static name => name.Convention).Prepend("").Distinct() from format in names.Select(static name => name.Format).Prepend("").Distinct() select (convention, format))
        {
            // Children without a level of their own have the names of their tensors, which the class does not know.
            foreach (var (first, second, name) in Twice(loaded.Select(child => (Member: child.Property, Name: child.NameIn(convention, format))).Where(static child => child.Name.Length > 0)))
            {
                if (SnakeCase.Of(first) != SnakeCase.Of(second) && same.Add((first, second)))
                    Report(first, second, $"{(convention.Length == 0 ? "" : $"in convention \"{convention}\" ")}{(format.Length == 0 ? "" : $"in format \"{format}\" ")}loaded from", name, "give them different names with [CheckpointName], or make one nullable where an instance has either");
            }
        }

        foreach (var (first, second, field) in Shared(members, context.CancellationToken))
            Report(first, second, "the module in", field.Name, "it is one child and has one name: let one return the other, or make it a method");

        void Report(string first, string second, string what, string name, string advice) =>
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(type.GetMembers(second)[0]), first, second, what, name, advice));
    }

    // Of two that choose what they hand out, an instance can have one or the other.
    private static IEnumerable<(string First, string Second, ISymbol Field)> Shared(IEnumerable<ISymbol> members, CancellationToken cancel)
    {
        var children = members.OfType<IPropertySymbol>()
            .Where(ChildParser.IsChild)
            .Select(property => (property.Name, Storage: ChildParser.Storage(property, cancel)))
            .ToList();
        for (var i = 0; i < children.Count; i++)
        {
            foreach (var first in children.Take(i))
            {
                if (!first.Storage.Always && !children[i].Storage.Always) continue;
                if (first.Storage.Fields.FirstOrDefault(field => children[i].Storage.Fields.Contains(field, SymbolEqualityComparer.Default)) is not { } shared) continue;
                yield return (first.Name, children[i].Name, shared);
                break;
            }
        }
    }

    private static bool IsOptional(IEnumerable<ISymbol> members, ChildModel child) =>
        members.First(member => member.Name == child.Property) is IPropertySymbol { NullableAnnotation: not NullableAnnotation.NotAnnotated };

    private static IEnumerable<(string First, string Second, string Name)> Twice(IEnumerable<(string Member, string Name)> members)
    {
        var firsts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, name) in members)
        {
            if (firsts.TryGetValue(name, out var first)) yield return (first, member, name);
            else firsts.Add(name, member);
        }
    }
}
