using System.Collections.Immutable;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>Every axis in a pattern is an axis of the class.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownAxisAnalyzer() : LayoutAnalyzer(Rule, LayoutErrorKind.UnknownAxis)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0008";

    /// <summary>The property of a diagnostic that has the name that was most likely meant.</summary>
    public const string Nearest = nameof(Nearest);

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A pattern names axes of its class",
        "No member of \"{0}\" declares the axis \"{1}\"{2}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override Diagnostic Report(LayoutFault fault)
    {
        var name = NameOf(fault);
        var nearest = NearestAxis.Of(name, fault.Axes);
        var hint = nearest is not null ? $": did you mean \"{nearest}\"?"
            : (fault.Axes.Count > 0 ? $": it has {string.Join(", ", fault.Axes)}; put [Axis] on a member of that name" : ": put [Axis] on the member that gives its size") + Relative(fault);
        var properties = nearest is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(Nearest, nearest);
        return Diagnostic.Create(Rule, fault.Location, properties, fault.Parameter.ContainingType.Name, name, hint);
    }

    // "model.layers.{layer}.norm.weight": what a list counts is not a hole of a name below it.
    private static string Relative(LayoutFault fault)
    {
        if (fault is not { Error: { InName: true, Position: var position, Length: var length }, Source.Name: var name }) return "";
        var rest = name.Substring(position + length);
        return rest.StartsWith("}.", StringComparison.Ordinal) && position > 1 && name[position - 2] == '.'
            ? $". If it counts the modules of a list, write \"{rest.Substring(2)}\": names begin at the module itself, and the list that holds it gives what stands before, with the number"
            : "";
    }

    private static string NameOf(LayoutFault fault)
    {
        var text = fault.Source is not { } source ? fault.Pattern : fault.Error.InName ? source.Name : fault.Error.InRepeat ? source.Repeat! : source.Pattern;
        return text.Substring(fault.Error.Position, fault.Error.Length);
    }
}
