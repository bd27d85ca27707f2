using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>A constant fills a part of a parameter that no source gives.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConstantAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0045";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A constant is a part of its parameter that no source gives",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        foreach (var fault in LayoutFaults.Of(type, cancel))
        {
            if (fault.IsOfConstant) context.ReportDiagnostic(Diagnostic.Create(Rule, fault.Location, fault.Error.Message + Advice(fault) + LayoutAnalyzer.In(fault)));
        }
        foreach (var (property, _) in Declared.Parameters(type))
        {
            var sources = Declared.Sources(property);
            foreach (var (constant, _, format) in Declared.Constants(property))
            {
                if (sources.Count == 0)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(constant, property, cancel), $"No tensor fills the rest of \"{property.Name}\": a constant stands beside sources. Where all of a parameter follows from the configuration, a [PostLoad] method makes it"));
                else if (format is not null && !sources.Exists(source => source.Format == format))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Named(constant, "Format", property, cancel), $"\"{property.Name}\" has no source of the format \"{format}\"; without \"Format\" a constant is one of all formats"));
            }
        }
    }

    private static string Advice(LayoutFault fault) => fault.Error.Kind == LayoutErrorKind.NoElement
        ? " Name its tag, or an axis that it alone has."
        : " Remove one of the two; where some formats store the part, name the other with \"Format\".";
}
