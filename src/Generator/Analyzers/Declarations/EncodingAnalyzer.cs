using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A class that declares an encoding says all of it without contradiction, and sources that name one fit it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EncodingAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0043";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An encoding can be decoded, and fits the sources that name it",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        base.Register(context);
        context.RegisterSymbolAction(
            context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                if (EncodingFaults.Declares(type)) Report(context, new EncodingFaults(type, context.CancellationToken).All());
            },
            SymbolKind.NamedType);
    }

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        foreach (var (property, _) in Declared.Parameters(type))
        {
            foreach (var source in Declared.Sources(property))
            {
                if (source.Attribute.Constant("Encoding") is not { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol { TypeKind: not TypeKind.Error } encoding }) continue;
                var named = Locate.Argument(source.Attribute, "Encoding", context.CancellationToken)?.Expression.GetLocation() ?? Locate.Attribute(source.Attribute, property, context.CancellationToken);
                if (!EncodingFaults.Declares(encoding))
                {
                    Report(context, [(named, $"\"{encoding.Name}\" does not say how values are stored; name a class with [Codes] and [Value], such as those of Lanyard.Published")]);
                    continue;
                }

                // In this project they are reported where they are.
                var faults = SymbolEqualityComparer.Default.Equals(encoding.ContainingAssembly, type.ContainingAssembly) ? [] : new EncodingFaults(encoding, context.CancellationToken).All().Select(fault => (named, fault.Message)).ToList();
                Report(context, faults);
                if (faults.Count == 0) Report(context, new EncodedSource(type, property, source, encoding, named, context.CancellationToken).Faults());
            }
        }
    }

    private static void Report(SymbolAnalysisContext context, IEnumerable<(Location Where, string Message)> faults)
    {
        foreach (var (where, message) in faults) context.ReportDiagnostic(Diagnostic.Create(Rule, where, message));
    }
}
