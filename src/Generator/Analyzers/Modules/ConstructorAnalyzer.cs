using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>A constructor makes the parameters and registers the children.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConstructorAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0031";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A constructor makes the parameters and registers the children",
        "Call {0} in the constructor of \"{1}\": {2}",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        var parameters = ParameterParser.Find(type.GetMembers(), reader);
        var children = ChildParser.Parse(type.GetMembers(), reader);
        foreach (var constructor in type.InstanceConstructors)
        {
            // Of a partial one the declaration says nothing.
            if ((constructor.PartialImplementationPart ?? constructor).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken) is not { } declaration) continue;
            if (declaration is ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer }) continue;
            var names = Names(declaration, type, context);
            var location = constructor.Locations[0];
            if (parameters.Length > 0 && !names.Contains("CreateParameters") && !parameters.Any(parameter => names.Contains(parameter.Name)))
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, "CreateParameters()", type.Name, "its parameters would have no value"));
            if (children.Count > 0 && !names.Contains("RegisterComponents"))
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, "RegisterComponents()", type.Name, "parameters() and state_dict() would not see its children"));
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
