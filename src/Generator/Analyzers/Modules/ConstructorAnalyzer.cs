using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>A constructor registers the children.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConstructorAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0031";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A constructor registers the children",
        "Call RegisterComponents() in the constructor of \"{0}\": parameters() and state_dict() would not see its children",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        if (ChildParser.Parse(type.GetMembers(), reader).Count == 0) return;
        foreach (var constructor in type.InstanceConstructors)
        {
            // Of a partial one the declaration says nothing.
            if ((constructor.PartialImplementationPart ?? constructor).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken) is not { } declaration) continue;
            if (declaration is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer }) continue;
            if (!Names(declaration, type, context).Contains("RegisterComponents")) context.ReportDiagnostic(Diagnostic.Create(Rule, constructor.Locations[0], type.Name));
        }
    }

    /// <summary>The names in a constructor. A primary one has no body: then those that other members call or assign.</summary>
    private static HashSet<string> Names(SyntaxNode declaration, INamedTypeSymbol type, SymbolAnalysisContext context)
    {
        var emitted = EmittedFiles.Of(context.Compilation);
        var names = declaration is ConstructorDeclarationSyntax
            ? declaration.DescendantNodes().OfType<SimpleNameSyntax>()
            : type.DeclaringSyntaxReferences.Where(reference => !emitted.Contains(reference.SyntaxTree))
                .SelectMany(reference => reference.GetSyntax(context.CancellationToken).DescendantNodes())
                .Select(static node => node switch
                {
                    InvocationExpressionSyntax call => Last(call.Expression),
                    AssignmentExpressionSyntax assignment => Last(assignment.Left),
                    _ => null,
                }).OfType<SimpleNameSyntax>();
        return new HashSet<string>(names.Select(static name => name.Identifier.ValueText));

        static SimpleNameSyntax? Last(ExpressionSyntax expression) => expression as SimpleNameSyntax ?? (expression as MemberAccessExpressionSyntax)?.Name;
    }
}
