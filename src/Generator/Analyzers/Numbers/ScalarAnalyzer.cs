using Lanyard.Generator.Analyzers.Locations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Numbers;

/// <summary>Numbers live until native code is done with them. For who asks for it: most code that uses TorchSharp is full of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScalarAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0041";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A number lives until native code is done with it",
        "{0} makes a Scalar that may be freed while native code uses it. Use a method of Lanyard.Numbers, or keep the Scalar in a using or a field.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        Analyze,
        OperationKind.Invocation,
        OperationKind.ObjectCreation,
        OperationKind.PropertyReference,
        OperationKind.MethodReference,
        OperationKind.Binary,
        OperationKind.Unary,
        OperationKind.CompoundAssignment,
        OperationKind.Increment,
        OperationKind.Decrement,
        OperationKind.Conversion);

    private static void Analyze(OperationAnalysisContext context)
    {
        var operation = context.Operation;
        ISymbol? member = operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IMemberReferenceOperation reference => reference.Member,
            IBinaryOperation binary => binary.OperatorMethod,
            IUnaryOperation unary => unary.OperatorMethod,
            ICompoundAssignmentOperation assignment => assignment.OperatorMethod,
            IIncrementOrDecrementOperation increment => increment.OperatorMethod,
            IConversionOperation conversion => conversion.OperatorMethod,
            _ => null,
        };
        if (member is null || !ScalarMakers.Contains(member) || IsKept(operation)) return;
        context.ReportDiagnostic(Diagnostic.Create(Rule, Location(operation), Text(operation, member)));
    }

    /// <summary>Whether what is made is a Scalar, and goes at once to where it lives.</summary>
    private static bool IsKept(IOperation made)
    {
        if (made.Type is not { Name: "Scalar", ContainingNamespace.Name: "TorchSharp" }) return false;
        var outer = made.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation or IVariableInitializerOperation or IVariableDeclaratorOperation or IVariableDeclarationOperation or IVariableDeclarationGroupOperation)
            outer = outer.Parent;
        return outer is IUsingOperation or IUsingDeclarationOperation or IFieldInitializerOperation or IPropertyInitializerOperation
            or IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation };
    }

    private static string Text(IOperation operation, ISymbol member) => operation switch
    {
        IConversionOperation conversion => $"The conversion of \"{conversion.Operand.Syntax}\"",
        _ when Operator(operation.Syntax) is { } token => $"\"{token.ValueText}\"",
        IObjectCreationOperation => $"\"{member.ContainingType.Name}\"",
        _ => $"\"{member.Name}\"",
    };

    private static Location Location(IOperation operation) =>
        operation is IConversionOperation ? operation.Syntax.GetLocation() : Operator(operation.Syntax)?.GetLocation() ?? Locate.Name(operation.Syntax);

    private static SyntaxToken? Operator(SyntaxNode syntax) => syntax switch
    {
        BinaryExpressionSyntax binary => binary.OperatorToken,
        AssignmentExpressionSyntax assignment => assignment.OperatorToken,
        PrefixUnaryExpressionSyntax unary => unary.OperatorToken,
        _ => null,
    };
}
