using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>A post-load method reads a loaded parameter before it replaces it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnreadLoadAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0040";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method reads a loaded parameter before it replaces it",
        "\"{0}\" replaces \"{1}\" without reading it: what was loaded is lost, and a refit that brings it alone fails. Read it, or make \"{1}\" a derived parameter without [FromCheckpoint].",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        var parameters = ParameterParser.Find(type.GetMembers(), reader);
        foreach (var method in new PostLoadParser(type, parameters, reader).Parse())
        {
            if (type.GetMembers(method.Method).FirstOrDefault() is not { } symbol) continue;
            foreach (var position in method.Writes.Where(position => !method.Reads.Contains(position) && reader.Attributes(parameters[position], "FromCheckpoint").Any()))
                context.ReportDiagnostic(Diagnostic.Create(Rule, symbol.Locations[0], method.Method, parameters[position].Name));
        }
    }
}
