using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>One post-load method assigns a parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TwoWritersAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0029";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "One post-load method assigns a parameter",
        "\"{0}\" assigns \"{1}\", and so does \"{2}\": a refit could not tell which of them made the value. Make them one method.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        var parameters = ParameterParser.Find(type.GetMembers(), reader);
        var methods = new PostLoadParser(type, parameters, reader).Parse();
        for (var position = 0; position < parameters.Length; position++)
        {
            var writers = methods.Where(method => method.Writes.Contains(position)).Select(static method => method.Method).ToList();
            foreach (var second in writers.Skip(1))
            {
                if (type.GetMembers(second).FirstOrDefault() is { } method)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, method.Locations[0], second, parameters[position].Name, writers[0]));
            }
        }
    }
}
