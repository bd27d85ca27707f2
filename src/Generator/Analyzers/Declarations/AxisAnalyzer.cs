using System.Globalization;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A member that declares an axis can be read, and says the same as its labels.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AxisAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0013";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An axis has a size, a name of its own, and a label for each index",
        "Axis \"{0}\" {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        var names = new Dictionary<string, ISymbol>(StringComparer.Ordinal);
        var axes = new Dictionary<string, AttributeData>(StringComparer.Ordinal);
        foreach (var member in type.GetMembers())
        {
            if (member.Attribute("AxisAttribute") is { } axis) axes[SnakeCase.Of(member.Name)] = axis;
        }
        foreach (var member in type.GetMembers())
        {
            // What an attribute may not stand on is the compiler's to report.
            if (member is not (IFieldSymbol or IPropertySymbol { PartialDefinitionPart: null }) || member.Attribute("AxisAttribute") is not { } axis) continue;
            var name = SnakeCase.Of(member.Name);
            foreach (var (location, reason) in Wrong(member, axis, cancel).Concat(AxisTies.Wrong(member, axis, axes, cancel)))
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, name, reason));
            if (names.TryGetValue(name, out var other))
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(member), name, $"is declared by \"{other.Name}\" already, for names are compared in snake_case; rename one"));
            else
                names.Add(name, member);
        }
    }

    private static IEnumerable<(Location Location, string Reason)> Wrong(ISymbol member, AttributeData axis, CancellationToken cancel)
    {
        var type = (member as IPropertySymbol)?.Type ?? ((IFieldSymbol)member).Type;
        if (member is IPropertySymbol { IsIndexer: true } or IPropertySymbol { GetMethod: null } || !member.CanBeReferencedByName)
        {
            yield return (Locate.Member(member), "has no value to read; put [Axis] on a property with a getter, a field or a constant");
            yield break;
        }
        if (type.TypeKind != TypeKind.Error && !AxisParser.IsInteger(type.SpecialType))
        {
            yield return (Locate.Member(member), $"is of type \"{type.ToDisplayString()}\", and a size is an integer; make it one");
            yield break;
        }
        long? size = member is IFieldSymbol { HasConstantValue: true, ConstantValue: IConvertible constant } ? Size(constant) : null;
        if (size <= 0) yield return (Locate.Member(member), "has no indices; its size must be at least 1");
        foreach (var wrong in WrongLabels(member, axis, size, cancel)) yield return wrong;
    }

    private static IEnumerable<(Location Location, string Reason)> WrongLabels(ISymbol member, AttributeData axis, long? size, CancellationToken cancel)
    {
        var labels = AxisParser.Labels(axis);
        if (labels.Count == 0) yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i].Length == 0) yield return (Label(i), "has an empty label; each index needs a name that tells it apart");
            else if (!seen.Add(labels[i])) yield return (Label(i), $"has the label \"{labels[i]}\" twice; each index needs a name of its own");
        }
        if (size > 0 && size != labels.Count)
            yield return (Locate.Attribute(axis, member, cancel), string.Format(CultureInfo.InvariantCulture, "is {0} but has {1}: {2}; give one label for each index", size, labels.Count == 1 ? "1 label" : labels.Count + " labels", string.Join(", ", labels)));

        Location Label(int i) =>
            (axis.ApplicationSyntaxReference?.GetSyntax(cancel) as AttributeSyntax)?.ArgumentList?.Arguments.Where(static argument => argument.NameEquals is null).ElementAtOrDefault(i)?.GetLocation()
            ?? Locate.Attribute(axis, member, cancel);
    }

    private static long? Size(IConvertible constant) => constant is ulong and > long.MaxValue ? null : constant.ToInt64(CultureInfo.InvariantCulture);
}
