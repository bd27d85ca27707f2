using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>Every annotated class has its other half.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GeneratorRunsAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0018";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The generator runs",
        "The other half of \"{0}\" is missing: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var location = Locate.Type(type, attribute, context.CancellationToken);
        var language = (location.SourceTree?.Options as CSharpParseOptions)?.LanguageVersion ?? LanguageVersion.CSharp14;
        var reason = language < LanguageVersion.CSharp14
            ? $"it needs C# 14, and the project is compiled as C# {language.ToDisplayString()}; set <LangVersion>14.0</LangVersion> or remove the setting"
            : ModuleParser.IsCompletable(type) && !HasOtherHalf(type)
                ? "the generator did not run; build with the .NET SDK 10 or newer, and look for warning CS9057 or CS8785 in the build's output"
                : null;
        if (reason is not null) context.ReportDiagnostic(Diagnostic.Create(Rule, location, type.Name, reason));
    }

    // A class that has declared some of it itself gets the entries alone.
    private static bool HasOtherHalf(INamedTypeSymbol type) => !type.GetTypeMembers(WrittenNames.Entries).IsEmpty
        || type.Interfaces.Any(static other => other is { Name: "IParameterModule", ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } });
}
